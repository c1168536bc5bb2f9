/* SPDX-License-Identifier: Apache-2.0 */
/* Indicators: what the records that a node holds say about a network and its cooperation, as figures with
 * their numerator, denominator and the records behind them. docs/indicators.md has the formulas. */
#ifndef HANSE_REPORT_H
#define HANSE_REPORT_H

#include <hanse/node.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hanse_report;

struct hanse_report_options {
    uint32_t version;      /* 1 */
    const char *network;   /* full name, code, name or acronym; NULL: the only one that records speak of */
    uint32_t year;         /* the calendar year that is looked at; 0: the twelve months up to the day */
    uint64_t as_of_unix_s; /* entries published until then, which is the day of the report; 0: now, all */
    const char *language;  /* BCP 47 of the names of cities; NULL: "en" */
    bool public_only;      /* leave out what only members may see */
};

/* Reads every current record and computes the indicators. *out is the caller's: hanse_report_free.
 * HANSE_NOT_FOUND: no network is called so; HANSE_INVALID_ARGUMENT: there are several and none was chosen
 * (the message names them), or the year is not from 1 to 9999; HANSE_LIMIT: the records take more than 1 GiB;
 * HANSE_IO, HANSE_MISMATCH (a stored payload does not hash to its commitment), HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_report_make(struct hanse_node *node,
                                                               const struct hanse_report_options *options,
                                                               struct hanse_report **out,
                                                               struct hanse_error *err);
/* NULL does nothing. */
HANSE_API void hanse_report_free(struct hanse_report *report);

/* What the report is of. All texts below are the report's. */
struct hanse_report_scope {
    const char *network;    /* its name; NULL: no record speaks of a network */
    const char *network_id; /* full name or code */
    const char *first_day;  /* "2026-01-01": the time that is looked at, both days included */
    const char *last_day;
    uint64_t as_of_unix_s;
    const char *audience; /* widest that was used: "PUBLIC" or "NETWORK" */
    uint64_t public_records;
    uint64_t network_records; /* for members only */
    uint64_t unread_records;  /* current ones whose content is not here, or not for this node */
};
HANSE_API const struct hanse_report_scope *hanse_report_scope(const struct hanse_report *report);

/* A feed that the report is made from: the tree of its entries until then. */
struct hanse_report_feed {
    const char *origin;
    uint64_t size;
    uint8_t root[32];
};
HANSE_API size_t hanse_report_feed_count(const struct hanse_report *report);
/* NULL past the end; so below. */
HANSE_API const struct hanse_report_feed *hanse_report_feed(const struct hanse_report *report, size_t index);

struct hanse_indicator {
    const char *id;       /* "H3" */
    const char *part;     /* which figure of it: "fee-share"; "" for the first */
    const char *name;     /* in plain words */
    const char *unit;     /* "share" (0 to 1), "index", "number", "days", "years", "money" */
    const char *currency; /* of the amounts; "" if there are none */
    bool computable;
    const char *reason; /* why it is not computable; NULL if it is */
    const char *note;   /* what to know about it; NULL: nothing */
    double value;       /* 0 if not computable */
    double numerator;
    double denominator;
    uint64_t count;             /* of the things that were looked at */
    const char *audience;       /* widest of the records behind it: "PUBLIC" or "NETWORK" */
    const char *const *records; /* full names of the records behind it, sorted */
    size_t record_count;
};
/* By id, as docs/indicators.md has them. */
HANSE_API size_t hanse_report_indicator_count(const struct hanse_report *report);
HANSE_API const struct hanse_indicator *hanse_report_indicator(const struct hanse_report *report,
                                                               size_t index);

/* What lies behind figures, row by row. Cells are texts: names, days, decimal numbers. */
struct hanse_report_table {
    const char *id; /* "rotation", "funding", "flows", "evaluation", "contacts", "members" */
    const char *title;
    const char *const *columns;
    size_t column_count;
    const char *const *cells; /* row after row */
    size_t row_count;
};
HANSE_API size_t hanse_report_table_count(const struct hanse_report *report);
HANSE_API const struct hanse_report_table *hanse_report_table(const struct hanse_report *report,
                                                              size_t index);

#ifdef __cplusplus
}
#endif

#endif
