# SPDX-License-Identifier: Apache-2.0
# One line for each field of each message ("Project 3 singular ProjectStatus status"), for each value of each enumeration
# ("ProjectStatus = 1 PROJECT_STATUS_PIPELINE") and for each reserved number ("Project 9 reserved").
{ sub(/\/\/.*/, "") }
/^(message|enum) / { type = $2; kind = $1; next }
/^}/ { type = ""; next }
type == "" { next }
/^ *oneof / || /^ *}/ || /^ *$/ { next }
$1 == "reserved" {
    gsub(/[;,]/, " ")
    for (i = 2; i <= NF; i++)
        if ($i ~ /^[0-9]+$/) print type, $i, "reserved"
    next
}
kind == "enum" { gsub(/;/, "", $3); print type, "=", $3, $1; next }
{
    label = $1 == "repeated" ? "repeated" : "singular"
    at = label == "repeated" ? 2 : 1
    gsub(/;/, "", $(at + 3))
    print type, $(at + 3), label, $at, $(at + 1)
}
