// SPDX-License-Identifier: Apache-2.0
// Writes the records of a network of 500 cities over ten years, for bench/report: node bench/report.mjs RECORDS
const count = Number(process.argv[2] ?? 100000);
const cities = 500;
const en = (text) => [{ text, language: "en" }];
const day = (i) => ({ year: 2015 + (i % 10), month: 1 + (i % 12), day: 1 + (i % 28) });
const city = (i) => ({ id: "UNLOCODE:JP" + String.fromCharCode(65 + (i % 26), 65 + (Math.floor(i / 26) % 26), 65) });
const network = { id: "ORGID:XX-NET" };
const lines = [];
const put = (record) => lines.push(JSON.stringify(record));
put({ header: { identifiers: [{ scheme: "ORGID", value: "XX-NET" }] }, network: { name: en("Network"), kind: "NETWORK_KIND_GLOBAL", secretariat: { id: "ORGID:XX-1" } } });
for (let i = 0; i < cities; i++) {
  const [scheme, value] = city(i).id.split(":");
  put({ header: { identifiers: [{ scheme, value }] }, localGovernment: { name: en("City " + i), country: "JP" } });
  put({ header: { identifiers: [{ scheme: "X-MEMBER", value: String(i) }] }, membership: { network, member: city(i), period: { start: day(i) } } });
}
for (let i = 0; lines.length < count; i++) {
  const note = en("Record " + i + " of the network");
  const activity = "XX-ACT-" + i;
  if (i % 10 < 4) put({ participation: { member: city(i), kind: "PARTICIPATION_KIND_MEETING", date: day(i), network, occasion: note } });
  else if (i % 10 < 7) put({ exchange: { title: note, mode: "EXCHANGE_MODE_WORKSHOP", status: "EXCHANGE_STATUS_HELD", period: { start: day(i), end: day(i) }, network, flows: [{ from: city(i), to: city(i * 7 + 1), personDays: String(1 + (i % 9)) }, { from: city(i * 7 + 1), to: city(i), personDays: "1" }] } });
  else if (i % 10 < 8) put({ header: { identifiers: [{ scheme: "IATI-ACT", value: activity }] }, project: { title: note, status: "PROJECT_STATUS_CLOSED", dates: [{ type: "PROJECT_DATE_TYPE_ACTUAL_START", date: day(0) }, { type: "PROJECT_DATE_TYPE_ACTUAL_END", date: day(i) }], participants: [{ actor: city(i), role: "PARTICIPANT_ROLE_IMPLEMENTING" }] } });
  else if (i % 10 < 9) put({ feeRecord: { membership: { id: "X-MEMBER:" + (i % cities) }, fiscalYear: { start: { year: 2015 + (i % 10) }, end: { year: 2015 + (i % 10) } }, invoiced: { currency: "EUR", units: "1000" }, waiverReason: note, payments: [{ amount: { currency: "EUR", units: String(500 + (i % 500)) }, date: day(i) }] } });
  else put({ evaluation: { title: note, subjects: [{ id: "IATI-ACT:XX-ACT-" + (i - 2) }], timing: "EVALUATION_TIMING_TERMINAL", status: "EVALUATION_STATUS_COMPLETED", completed: day(i), framework: { scheme: "EVAL-FRAMEWORK", code: "DAC-EVAL" } } });
}
process.stdout.write(lines.join("\n") + "\n");
