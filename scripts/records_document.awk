# SPDX-License-Identifier: Apache-2.0
# docs/records.md out of the .proto files, in the order given, record.proto first, and the tables of rules before them.
function camel(name, parts, count, i, out) {
    count = split(name, parts, "_")
    out = parts[1]
    for (i = 2; i <= count; i++) out = out toupper(substr(parts[i], 1, 1)) substr(parts[i], 2)
    return out
}
function trimmed(text) { gsub(/^[ \/]+|[ ]+$/, "", text); return text }
function cell(text) { gsub(/\|/, "\\|", text); return text }
function sentence(text) { return toupper(substr(text, 1, 1)) substr(text, 2) }

# Rules: rows of C, with their strings in pieces, until the array ends.
function take_row(array, row, strings, count, warning) {
    gsub(/\\"/, "\001", row)
    gsub(/" *"/, "", row)
    count = split(row, strings, "\"")
    if (count < 8) return
    gsub(/\001/, "\"", strings[6])
    gsub(/\001/, "\"", strings[8])
    warning = strings[3] ~ /true/
    rules[array] = rules[array] "| `" strings[2] "` | " (warning ? "warning" : "error") " | `" strings[4] "` | " \
        cell(sentence(strings[6])) ": " cell(strings[8]) ". |\n"
}
FILENAME ~ /[.]c$/ {
    if ($0 ~ /^static const struct hanse_rule [a-z_]*\[\] = \{/) {
        array = FILENAME " " $5
        sub(/\[\]/, "", array)
        row = ""
        next
    }
    if ($0 ~ /^#define SHARES_RULE/) { shared = 1; row = ""; next }
    if (shared) {
        line = $0
        more = sub(/ *\\$/, "", line)
        row = row " " line
        if (!more) { shared_row = row; shared = 0 }
        next
    }
    if (array != "" && /^};/) { array = ""; next }
    if (array != "") {
        row = row " " $0
        if ($0 ~ /SHARES_RULE,$/) row = shared_row
        if ($0 ~ /([})]|SHARES_RULE),$/) { take_row(array, row); row = "" }
        next
    }
    line = $0
    while (match(line, /HANSE_RULE_GROUP\("[A-Za-z]+", *[a-z_]+\)/)) {
        group = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
        split(group, word, /[",() ]+/)
        rules_of[word[2]] = FILENAME " " word[3]
    }
    next
}

# Titles of the families; none is the name of a message, whose heading it would be taken for.
BEGIN {
    title["actor"] = "Actors"
    title["framework"] = "Grounds"
    title["cooperation"] = "Ties"
    title["project"] = "Projects"
    title["exchange"] = "Exchanges and events"
    title["commitment"] = "Aims"
    title["experience"] = "Experiences"
    title["network"] = "Networks"
    title["account"] = "Accounts"
    title["evaluation"] = "Evaluations"
    title["statement"] = "Statements"
    title["table"] = "Tables"
    title["common"] = "Common parts"
}

# Messages.
FILENAME ~ /record[.]proto$/ {
    if ($2 ~ /^[a-z_]+$/ && $3 == "=" && $4 + 0 >= 16) { kind_number[$1] = $4 + 0; kind_count++ }
    next
}
FNR == 1 { family = FILENAME; sub(/.*\//, "", family); sub(/[.]proto$/, "", family); order[++families] = family; comment = ""; head = 1 }
/^syntax/ { about[family] = comment; comment = ""; head = 0; next }
/^\/\// { comment = comment (comment != "" ? " " : "") trimmed($0); next }
/^(message|enum) / {
    type = $2
    shape = $1
    family_of[type] = family
    says[type] = comment
    comment = ""
    body[type] = ""
    members[family] = members[family] " " type
    shape_of[type] = shape
    last = ""
    next
}
/^}/ { if (type != "") { finish_field(); type = "" } next }
/^$/ { comment = ""; next }
type == "" { next }
/^ *oneof / { finish_field(); chosen = 1; next }
/^ *}/ { finish_field(); chosen = 0; next }
/^ *\/\// { field_note = field_note " " trimmed($0); next }
/^ *reserved / { next }
{
    finish_field()
    note = ""
    if (match($0, /\/\//)) { note = trimmed(substr($0, RSTART)); $0 = substr($0, 1, RSTART - 1) }
    field_note = note
    if (shape == "enum") { number = $3 + 0; field_name = $1; pending = 1; next }
    repeated = $1 == "repeated"
    at = repeated ? 2 : 1
    number = $(at + 3) + 0
    field_type = $at
    field_name = camel($(at + 1))
    pending = 1
}
function finish_field(what) {
    if (!pending) return
    pending = 0
    if (shape == "enum") {
        if (number != 0)
            body[type] = body[type] "- `" field_name "` " number (field_note != "" ? ": " field_note : "") "\n"
        return
    }
    what = field_type ~ /^[A-Z]/ ? "\002" field_type "\003" : field_type
    if (repeated) what = "list of " what
    if (chosen) field_note = field_note (field_note != "" ? "; " : "") "unset and 0 differ"
    body[type] = body[type] "| " number " | `" field_name "` | " what " | " cell(field_note) " |\n"
}

function anchor(name) { name = tolower(name); gsub(/ /, "-", name); return name }
function linked(text, from, to, name) {
    while (match(text, /\002[A-Za-z]+\003/)) {
        name = substr(text, RSTART + 1, RLENGTH - 2)
        text = substr(text, 1, RSTART - 1) "[" name "](#" anchor(name) ")" substr(text, RSTART + RLENGTH)
    }
    return text
}
function print_type(name) {
    printf "\n### %s\n\n", name
    if (name in kind_number) printf "Kind %d.%s", kind_number[name], says[name] != "" ? " " : "\n"
    if (says[name] != "") printf "%s\n", says[name]
    if (says[name] != "" || name in kind_number) printf "\n"
    if (shape_of[name] == "enum") { printf "%s", body[name]; return }
    printf "| | field | type | |\n|---|---|---|---|\n%s", linked(body[name])
    if (rules[rules_of[name]] != "")
        printf "\n| rule | | of | |\n|---|---|---|---|\n%s", rules[rules_of[name]]
}
END {
    print "# Records"
    print ""
    print "Made by `scripts/records --write` from [proto/hanse/v1](../proto/hanse/v1) and the rules of validation; not edited by hand."
    print ""
    printf "A record is one message `hanse.v1.Record`: a header, one body, and extensions. The body's field number is the record's kind,\n"
    printf "of which there are %d. Names are those of JSON and of paths (`hanse edit ID --set project.title[language=ja].text=...`).\n", kind_count
    print "Nothing is inherited, amounts and shares are no floating point numbers, each text has its language, and a field is unset where"
    print "nothing is known. \"Required\" is a rule of validation: a record without it can be read, and `publish` refuses it. Rules that warn"
    print "do not stop a publish."
    print ""
    print "How the messages change is said in [CONTRIBUTING.md](../CONTRIBUTING.md#how-records-change)."
    print ""
    print "| | kinds and their numbers |"
    print "|---|---|"
    for (f = 1; f <= families; f++) {
        count = split(members[order[f]], names, " ")
        list = ""
        for (i = 1; i <= count; i++)
            if (names[i] in kind_number)
                list = list (list != "" ? ", " : "") "[" names[i] "](#" anchor(names[i]) ") " kind_number[names[i]]
        printf "| [%s](#%s) | %s |\n", title[order[f]], anchor(title[order[f]]), list != "" ? list : "parts of all kinds"
    }
    print "\nOf the record as a whole:\n"
    printf "| rule | | of | |\n|---|---|---|---|\n%s", rules[rules_of["Record"]]
    for (f = 1; f <= families; f++) {
        printf "\n## %s\n\n%s\n", title[order[f]], about[order[f]]
        count = split(members[order[f]], names, " ")
        for (i = 1; i <= count; i++) if (names[i] in kind_number) print_type(names[i])
        for (i = 1; i <= count; i++) if (!(names[i] in kind_number) && shape_of[names[i]] == "message") print_type(names[i])
        for (i = 1; i <= count; i++) if (shape_of[names[i]] == "enum") print_type(names[i])
    }
}
