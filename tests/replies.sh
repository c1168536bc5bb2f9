#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Two cities and a secretariat: one confirms, disputes and corrects what another says of it; each sees in its inbox what
# waits for an answer.
# Usage: tests/replies.sh PROGRAM
set -eu
. tests/shell.sh
need node sha256sum
cd "$WORK"

# city NAME CODE: a node with a profile whose owner is the code, published.
city() {
    run 0 -C "$1" init --origin "$1.example/hanse" --title "$1"
    run 0 -C "$1" diff --json
    run 0 -C "$1" edit "$(value 'l[0].id')" --set "feedProfile.owner.id=$2"
    run 0 -C "$1" publish
}
# follows NODE OTHER
follows() {
    run 0 -C "$2" key show
    run 0 -C "$1" follow "file://$WORK/$2/public/" --key "$(cat out)"
}
# put NODE JSON: stages a record and publishes it; its name is in ID.
put() {
    printf '%s\n' "$2" >record.json
    run 0 -C "$1" put record.json
    ID=$(cat out)
    run 0 -C "$1" publish
}

city kita UNLOCODE:JPKKJ
city dalian UNLOCODE:CNDLC
city office ORGID:XX-NET-1
for node in kita dalian office; do
    for other in kita dalian office; do
        [ "$node" = "$other" ] || follows "$node" "$other"
    done
done
run 0 -C kita inbox
says '^nothing waits for an answer'

# A cooperation that names another city waits for its answer.
TIE='{"cooperation": {"kind": "COOPERATION_KIND_SISTER_CITY", "status": "COOPERATION_STATUS_ACTIVE",
  "title": [{"text": "Sister cities", "language": "en"}],
  "parties": [{"actor": {"id": "UNLOCODE:JPKKJ"}}, {"actor": {"id": "UNLOCODE:CNDLC"}}], "period": {"start": {"year": 1979}}}}'
put kita "$TIE"
TIE_ID=$ID
run 0 -C dalian sync
run 0 -C dalian inbox
says "^claim $TIE_ID$"
says "hanse confirm $TIE_ID$"
says "hanse dispute $TIE_ID --reason"
run 0 -C dalian inbox --json
json "l.length === 1 && l[0].what === 'claim' && l[0].id === '$TIE_ID' && l[0].feed === 'kita.example/hanse'"
json "l[0].to === 'dalian.example/hanse' && l[0].answered === null && l[0].record.cooperation.parties.length === 2"
run 0 -C office sync
run 0 -C office inbox
says '^nothing waits for an answer'

# Confirming stages one record that names record, revision and commitment; the inbox is empty at once.
run 0 -C dalian confirm "$TIE_ID" --json
json "l[0].about === '$TIE_ID' && l[0].revision === 1 && l[0].party === true && l[0].outcome === 'staged'"
REPLY=$(value 'l[0].id')
run 0 -C dalian show "$TIE_ID" --json
COMMITMENT=$(value 'l[0].verified.commitment')
run 0 -C dalian diff --json
json "l.length === 1 && l[0].kind === 'Confirmation' && l[0].id === '$REPLY'"
json "l[0].changes.some((c) => c.path === 'confirmation.commitment' && c.new === '$COMMITMENT')"
json "l[0].changes.some((c) => c.path === 'confirmation.party.id' && c.new === 'UNLOCODE:CNDLC')"
json "l[0].changes.some((c) => c.path === 'confirmation.verdict' && c.new === 'CONFIRMATION_VERDICT_CONFIRMED')"
run 0 -C dalian confirm "$TIE_ID" --json
json "l[0].outcome === 'unchanged' && l[0].id === '$REPLY'"
run 0 -C dalian inbox
says '^nothing waits for an answer'
run 0 -C dalian publish
run 0 -C dalian inbox
says '^nothing waits for an answer'

# The other changes the record: the confirmation was of the revision before.
run 0 -C kita edit "$TIE_ID" --set cooperation.status=COOPERATION_STATUS_DORMANT
run 0 -C kita publish
run 0 -C dalian sync
run 0 -C dalian inbox
says "^claim $TIE_ID$"
says "changed since *$REPLY"
# A dispute takes the place of the confirmation, and the other side sees it.
run 2 -C dalian dispute "$TIE_ID"
complains 'a reason is missing'
run 0 -C dalian dispute "$TIE_ID" --reason 'We meet every month' --language en --part cooperation.status --json
json "l[0].id === '$REPLY' && l[0].revision === 2"
run 2 -C dalian dispute "$TIE_ID" --reason 'No' --part cooperation.nothing
run 0 -C dalian publish
run 0 -C kita sync
run 0 -C kita inbox
says "^dispute $REPLY$"
says 'says *We meet every month'
says "about *$TIE_ID"
says "hanse edit $TIE_ID$"
run 0 -C kita edit "$TIE_ID" --set cooperation.status=COOPERATION_STATUS_ACTIVE
run 0 -C kita publish
run 0 -C kita inbox
says '^nothing waits for an answer'

# A suggestion holds what stands there and what should; refusing it ends it.
run 0 -C dalian sync
run 2 -C dalian suggest "$TIE_ID" --reason 'The agreement says so'
run 2 -C dalian suggest "$TIE_ID" --set cooperation.period.start.year=1980
run 2 -C dalian suggest "$TIE_ID" --set cooperation --reason 'No'
run 2 -C dalian suggest "$TIE_ID" --set cooperation.nothing=1980 --reason 'No'
run 5 -C dalian suggest "$TIE_ID" --set cooperation.period.start.year=1979 --reason 'No'
run 0 -C dalian suggest "$TIE_ID" --set cooperation.period.start.year=1980 --reason 'The agreement says so' --json
CHANGE=$(value 'l[0].id')
json 'l[0].revision === 3'
run 0 -C dalian diff
says 'correction\.changes\[0\]\.oldValue: 1979'
says 'correction\.changes\[0\]\.newValue: 1980'
run 0 -C dalian publish
run 0 -C kita sync
run 0 -C kita inbox --json
json "l.length === 1 && l[0].what === 'correction' && l[0].id === '$CHANGE' && l[0].about === '$TIE_ID'"
run 0 -C kita dispute "$CHANGE" --reason 'It was signed in 1979'
run 0 -C kita inbox
says '^nothing waits for an answer'
run 0 -C kita discard --all
run 0 -C kita inbox
says "^correction $CHANGE$"
run 0 -C kita edit "$TIE_ID" --set cooperation.period.start.year=1980
run 0 -C kita publish
run 0 -C kita inbox
says '^nothing waits for an answer'

# Who is not named may speak, but not as a party; one's own record is edited.
run 0 -C office sync
run 0 -C office confirm "$TIE_ID"
complains "does not name you"
run 2 -C kita confirm "$TIE_ID"
complains 'is of your own feed'
run 1 -C kita confirm hanse:kita.example/hanse/01890a5d-0000-7000-8000-000000000000
run 2 -C kita confirm

# A request with a day comes first; what it asks for is there to be filled in.
put office '{"informationRequest": {"recipients": [{"id": "UNLOCODE:JPKKJ"}, {"id": "UNLOCODE:CNDLC"}],
  "title": [{"text": "Waste survey", "language": "en"}], "purpose": "REQUEST_PURPOSE_SURVEY",
  "sent": {"year": 2026, "month": 1, "day": 5}, "due": {"year": 2026, "month": 2, "day": 1},
  "questions": [{"id": "q1", "text": [{"text": "Tonnes a year?", "language": "en"}], "unit": "t"}]}}'
ASKED=$ID
put dalian "$TIE"
run 0 -C kita sync
run 0 -C kita inbox --json
json "l.length === 2 && l[0].what === 'request' && l[0].due === '2026-02-01' && l[0].late === true && l[1].what === 'claim'"
json "l[0].answer.informationAnswer.request.id === '$ASKED' && l[0].answer.informationAnswer.answers[0].questionId === 'q1'"
value 'JSON.stringify(l[0].answer).replace(/"value": *""/, "\"value\":\"12.5\"")' >answer.json
run 0 -C kita inbox
says '^  was due'
sed -i 's/ANSWER_STATUS_COMPLETE/ANSWER_STATUS_LATER/; s/"answers"/"until": {"year": 9999}, "answers"/' answer.json
run 0 -C kita put answer.json
ANSWER=$(cat out)
run 0 -C kita inbox --json
json "l[0].what === 'request' && l[0].due === '9999' && l[0].late === false && l[0].answered === '$ANSWER'"
run 0 -C kita edit "$ANSWER" --set informationAnswer.status=ANSWER_STATUS_COMPLETE
run 0 -C kita inbox --json
json "l.length === 1 && l[0].what === 'claim'"

# The table of who asked: an answer, a day that is over, and an addressee whose feed nobody follows here.
run 0 -C kita publish
run 0 -C office edit "$ASKED" --set 'informationRequest.recipients[+].id=UNLOCODE:VNHPH'
run 0 -C office publish
run 0 -C office sync
run 0 -C office show "$ASKED"
says "^  answered +UNLOCODE:JPKKJ +[0-9-]{10} $ANSWER$"
says '^  late +UNLOCODE:CNDLC'
says '^  late +UNLOCODE:VNHPH +no feed that is followed here speaks for it$'
says '^  1 of 3 answered, 2 late$'
run 0 -C office show "$ASKED" --json
json "l[0].recipients.map((r) => r.state).join() === 'answered,late,late'"
json "l[0].recipients[0].feed === 'kita.example/hanse' && l[0].recipients[0].answer === '$ANSWER' && !l[0].recipients[0].told"
json "l[0].recipients[1].feed === 'dalian.example/hanse' && l[0].recipients[2].feed === null"
# Nobody answers for another, but who asked may tell what came by letter.
says_for() { # NODE RESPONDENT STATUS [MORE]
    put "$1" "{\"informationAnswer\": {\"request\": {\"id\": \"$ASKED\"}, \"respondent\": {\"id\": \"$2\"}, \"status\": \"ANSWER_STATUS_$3\"${4:-}}}"
}
says_for kita UNLOCODE:CNDLC DECLINED
run 0 -C dalian sync
says_for dalian UNLOCODE:CNDLC LATER ', "until": {"year": 9999}'
says_for office UNLOCODE:VNHPH PARTIAL
run 0 -C office sync
run 0 -C office show "$ASKED" --json
json "l[0].recipients.map((r) => r.state).join() === 'answered,later,partial'"
json "l[0].recipients[1].until === '9999' && !l[0].recipients[1].told && l[0].recipients[2].told"
LATER=$(value 'l[0].recipients[1].answer')
run 0 -C office edit "$ASKED" --set informationRequest.due.year=9998
run 0 -C office publish
run 0 -C dalian withdraw "$LATER" --reason error
run 0 -C dalian publish
run 0 -C office sync
run 0 -C office show "$ASKED" --json
json "l[0].recipients[1].state === 'silent'"

# Two own feeds: each has an inbox; commands name the feed that is meant.
run 0 -C office init --add --origin port.example/hanse --title Port
run 0 -C office --as port.example/hanse diff --json
run 0 -C office --as port.example/hanse edit "$(value 'l[0].id')" --set feedProfile.owner.id=UNLOCODE:CNDLC
run 0 -C office --as port.example/hanse publish
run 0 -C office inbox
says "hanse --as port.example/hanse confirm $TIE_ID"
run 0 -C office --as office.example/hanse inbox
says '^nothing waits for an answer'

echo "$CHECKS checks"
