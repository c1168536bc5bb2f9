# SPDX-License-Identifier: Apache-2.0
# Compares the list of what was given (first file) with what is now (second): a number keeps its name, type and label for
# ever, or is reserved. With write=1 prints the list with what is new; otherwise says what is not listed yet.
function bad(text) { problems = problems text "\n"; failed = 1 }
function key(line, word) { split(line, word, " "); return word[2] == "=" ? word[1] " = " word[3] : word[1] " " word[2] }
/^#/ { heading = heading $0 "\n"; next }
FNR == NR { given[++given_count] = $0; next }
{
    now[++now_count] = $0
    k = key($0)
    if (k in at) bad(k " is given twice")
    at[k] = $0
    named[$1 " " $NF] = k
}
END {
    for (i = 1; i <= given_count; i++) {
        k = key(given[i])
        listed[k] = given[i]
        split(given[i], word, " ")
        if (word[3] == "reserved" && at[k] != given[i]) bad(k " was reserved and is in use again: " at[k])
        else if (!(k in at)) bad(given[i] ": is gone; write \"reserved\" with its number")
        else if (at[k] != given[i] && at[k] != k " reserved") bad(given[i] ": is now: " at[k])
    }
    for (i = 1; i <= now_count; i++)
        if (!(key(now[i]) in listed)) {
            if (!write) bad(now[i] ": is not listed; run scripts/records --write")
        }
    if (failed) { printf "%s", problems; exit 1 }
    printf "%s", heading
    for (i = 1; i <= now_count; i++) print now[i]
}
