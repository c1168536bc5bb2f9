/* SPDX-License-Identifier: Apache-2.0 */
/* Which fields of which kinds go into which slots of a fact. */
#ifndef HANSE_REPORT_FACT_TABLE_H
#define HANSE_REPORT_FACT_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* Kind numbers of hanse.v1.Record. */
enum {
    HANSE_KIND_FEED_PROFILE = 16,
    HANSE_KIND_LOCAL_GOVERNMENT = 17,
    HANSE_KIND_ORGANISATION = 18,
    HANSE_KIND_CONTACT_POINT = 19,
    HANSE_KIND_LEGAL_INSTRUMENT = 20,
    HANSE_KIND_DIVISION_OF_WORK = 22,
    HANSE_KIND_INSTITUTIONAL_SUPPORT = 23,
    HANSE_KIND_COOPERATION = 24,
    HANSE_KIND_STRATEGY = 25,
    HANSE_KIND_PROJECT = 26,
    HANSE_KIND_EXCHANGE = 27,
    HANSE_KIND_COMMITMENT = 28,
    HANSE_KIND_PROGRESS_REPORT = 29,
    HANSE_KIND_PRACTICE = 30,
    HANSE_KIND_ADOPTION = 31,
    HANSE_KIND_NETWORK = 34,
    HANSE_KIND_MEMBERSHIP = 35,
    HANSE_KIND_POST = 36,
    HANSE_KIND_TERM_OF_OFFICE = 37,
    HANSE_KIND_PARTICIPATION = 38,
    HANSE_KIND_FEE_RECORD = 40,
    HANSE_KIND_INCOME_RECORD = 41,
    HANSE_KIND_SERVICE_RECEIVED = 44,
    HANSE_KIND_ADVOCACY = 45,
    HANSE_KIND_DISCLOSURE = 46,
    HANSE_KIND_EVALUATION = 47,
    HANSE_KIND_INFORMATION_REQUEST = 49,
    HANSE_KIND_INFORMATION_ANSWER = 50,
    HANSE_KIND_CONFIRMATION = 51,
    HANSE_KIND_MANAGEMENT_RESPONSE = 56,
    HANSE_KIND_COUNTRY_TABLE = 58,
    HANSE_KIND_RATE_TABLE = 59,
    HANSE_KIND_BEYOND = 64
};

/* Lists whose elements become parts of a fact. */
enum {
    HANSE_PART_PARTY = 1,      /* Cooperation.parties, Project.participants, LegalInstrument.signatories */
    HANSE_PART_DATE,           /* Project.dates */
    HANSE_PART_FLOW,           /* Exchange.flows */
    HANSE_PART_PAYMENT,        /* FeeRecord.payments */
    HANSE_PART_SUBJECT,        /* Evaluation.subjects */
    HANSE_PART_RATING,         /* Evaluation.ratings */
    HANSE_PART_RECOMMENDATION, /* Evaluation.recommendations, ManagementResponse.responses */
    HANSE_PART_RECIPIENT,      /* InformationRequest.recipients, Advocacy.signatories */
    HANSE_PART_QUESTION,       /* InformationRequest.questions */
    HANSE_PART_ANSWER,         /* InformationAnswer.answers */
    HANSE_PART_DOCUMENT,       /* Disclosure.documents */
    HANSE_PART_RULE,           /* Network.disclosure_policy */
    HANSE_PART_FIELD,          /* Cooperation.fields */
    HANSE_PART_INSTRUMENT,     /* Cooperation.instruments */
    HANSE_PART_OBJECTIVE,      /* Strategy.objectives, Project.objectives */
    HANSE_PART_ASSIGNMENT,     /* DivisionOfWork.assignments */
    HANSE_PART_RATE,           /* RateTable.rates */
    HANSE_PART_ROW             /* CountryTable.rows */
};

enum hanse_slot {
    HANSE_SLOT_NETWORK, /* Ref */
    HANSE_SLOT_SUBJECT,
    HANSE_SLOT_OTHER,
    HANSE_SLOT_THIRD,
    HANSE_SLOT_START, /* Date: the first day that it may be */
    HANSE_SLOT_END,   /* Date: the last day that it may be */
    HANSE_SLOT_DATE,  /* as START */
    HANSE_SLOT_DUE,   /* as END */
    HANSE_SLOT_TYPE,  /* number of any width */
    HANSE_SLOT_STATUS,
    HANSE_SLOT_NUMBER,   /* or decimal text */
    HANSE_SLOT_QUANTITY, /* decimal text */
    HANSE_SLOT_CODE,     /* text */
    HANSE_SLOT_TEXT,
    HANSE_SLOT_AMOUNT, /* Money */
    HANSE_SLOT_SECOND
};

struct hanse_fact_row {
    uint32_t kind;
    uint32_t tag;     /* 0: of the record itself */
    const char *list; /* of the body, NULL where tag is 0 */
    const char *path; /* names joined by dots; of a list on the way its first element; "": the element */
    enum hanse_slot slot;
};

/* By kind and list, ended by kind 0. */
extern const struct hanse_fact_row hanse_fact_rows[];

#endif
