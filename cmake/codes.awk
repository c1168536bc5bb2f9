# SPDX-License-Identifier: Apache-2.0
# Makes one C file of the code lists of libsrc/record/codes/: each list is one text in which NUL ends a field, with the
# offsets of its rows, so that nothing needs relocation. To be run with LC_ALL=C, where length() counts bytes.

function bad(text) {
    print FILENAME ":" FNR ": " text > "/dev/stderr"
    failed = 1
    exit 1
}

function quoted(text) {
    if (text ~ /\\/) bad("a backslash")
    gsub(/"/, "\\\"", text)
    gsub(/\?/, "\\?", text)
    return text
}

function end_list() {
    if (lists == 0)
        return
    if (scheme == "" || title == "" || version == "" || closed == "" || rows == 0)
        bad("the list before has no scheme, title, version, closed or rows")
    print ";"
    print "static const uint32_t starts_" lists "[] = {" starts "};"
    table = table sprintf("    {\"%s\", \"%s\", \"%s\", %s, text_%d, starts_%d, %d},\n", quoted(scheme), quoted(title),
        quoted(version), closed == "yes" ? "true" : "false", lists, lists, rows)
}

BEGIN {
    FS = "|"
    print "/* Made from the code lists by codes.awk. */"
    print "#include \"record/code_list.h\""
}

FNR == 1 {
    end_list()
    lists++
    scheme = title = version = closed = starts = last = ""
    rows = used = 0
    print "static const char text_" lists "[] ="
}

/^# (scheme|title|version|closed): / {
    value = substr($0, index($0, ": ") + 2)
    if (/^# s/) scheme = value
    if (/^# t/) title = value
    if (/^# v/) version = value
    if (/^# c/) closed = value
    next
}

/^#/ { next }

{
    if (NF > 5 || $1 == "") bad("a row is: code|status|name|name in French|name in Japanese")
    if ($2 != "" && $2 !~ /^withdrawn( [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9])?$/) bad("no such status")
    if (rows > 0 && !($1 "" > last "")) bad("the codes are not in the order of their bytes")
    last = $1
    starts = starts (rows++ > 0 ? "," : "") used
    line = ""
    for (i = 1; i <= 5; i++) {
        used += length($i) + 1
        line = line quoted($i) "\\000"
    }
    print "    \"" line "\""
}

END {
    if (failed) exit 1
    end_list()
    print "const struct hanse_code_list hanse_code_tables[] = {"
    printf "%s", table
    print "};"
    print "const size_t hanse_code_table_count = sizeof hanse_code_tables / sizeof hanse_code_tables[0];"
}
