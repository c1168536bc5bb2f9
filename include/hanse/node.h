/* SPDX-License-Identifier: Apache-2.0 */
/* A node: a folder with own feeds, verified copies of others, and an index. Who only reads makes one too,
 * with an origin of its own under which nothing needs to be published. */
#ifndef HANSE_NODE_H
#define HANSE_NODE_H

#include <stdbool.h>

#include <hanse/status.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hanse_node;

/* What makes a node. Set `version` to HANSE_INIT_OPTIONS_VERSION and the rest to zero first. */
#define HANSE_INIT_OPTIONS_VERSION 1
struct hanse_init_options {
    uint32_t version;
    const char *origin;   /* of the first own feed, by the grammar of docs/protocol.md; for ever */
    const char *title;    /* of its FeedProfile record, which is staged; NULL: none is staged */
    const char *language; /* BCP 47 of the title; NULL: "und" */
};

/* Makes the folder `dir` (it may exist, if it is no node yet) with keys (0600), an empty feed with its signed
 * checkpoint, index and configuration. HANSE_EXISTS: there is a node already; HANSE_INVALID_ARGUMENT: bad
 * origin or language; HANSE_NOT_FOUND: the path of `dir` cannot be followed; HANSE_IO, HANSE_DENIED,
 * HANSE_CRYPTO, HANSE_NO_MEMORY. A failed init can be repeated. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_node_init(const char *dir, const struct hanse_init_options *options, struct hanse_error *err);
/* Makes one more own feed in a node, with a key of its own; `options` as for init. From then on every
 * function that takes the origin of an own feed takes this one. HANSE_EXISTS: the node owns or follows it;
 * HANSE_LIMIT: 256 own feeds; the rest as for init. After a failure nothing is there, or the feed without its
 * title: HANSE_EXISTS then tells who tries again. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_node_add_feed(struct hanse_node *node,
                                                                 const struct hanse_init_options *options,
                                                                 struct hanse_error *err);
/* Opens a node; brings back order after a crash (what no signed checkpoint covers is cut off, the index
 * catches up). *out is the caller's: hanse_node_close. A node is used by one thread at a time; several
 * processes may open it. Who may read the folder and not write it can open it too: what reads works on it as
 * it stands, everything else is HANSE_DENIED. HANSE_NOT_FOUND: no node there; HANSE_UNSUPPORTED: made by a
 * newer version; HANSE_IO, HANSE_DENIED, HANSE_LOCKED, HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_node_open(const char *dir, struct hanse_node **out,
                                                             struct hanse_error *err);
/* NULL does nothing. */
HANSE_API void hanse_node_close(struct hanse_node *node);
/* The folder, as given to open; the node's. */
HANSE_API const char *hanse_node_dir(const struct hanse_node *node);
/* Origin of the own feed to work on: `origin` itself if the node owns it, the first own feed for NULL. The
 * text is the node's. HANSE_NOT_FOUND. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_node_own_origin(struct hanse_node *node, const char *origin, const char **out, struct hanse_error *err);
/* Verifier key text (`name+hex+base64`) of a feed that the node owns or follows; *out is the caller's:
 * hanse_free. HANSE_NOT_FOUND. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_node_verifier_key(struct hanse_node *node, const char *origin, char **out, struct hanse_error *err);

/* A feed as the node knows it. Texts live until the visitor returns; NULL: none. */
struct hanse_feed_info {
    const char *origin;
    const char *name; /* short name for people, unique in the node */
    bool own;
    const char *url;
    const char *pin;
    const char *verifier_key;
    uint64_t size;    /* verified entries */
    uint8_t root[32]; /* of the tree of that size */
    uint64_t records; /* current, not withdrawn */
    uint64_t staged;  /* own feeds: changes that wait for publish */
    uint64_t missing; /* payloads that must be there and are not */
    uint64_t followed_unix_s;
    uint64_t last_try_unix_s; /* 0: never */
    uint64_t last_success_unix_s;
    const char *last_result; /* word of a sync result */
    const char *last_message;
    const char *successor_origin; /* the feed ended and goes on there */
    uint64_t max_entries;         /* its quota here; 0: none */
    uint64_t max_bytes;
    const char
        *url_result; /* what url alone came to at the last sync; mirrors may have served in its place */
    const char *url_message;
};
typedef enum hanse_status hanse_feed_visit(void *context, const struct hanse_feed_info *feed,
                                           struct hanse_error *err);
/* Own feeds first, then by origin; stops at the first status that is not HANSE_OK and returns it. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_feed_list(struct hanse_node *node, hanse_feed_visit *visit,
                                                             void *context, struct hanse_error *err);
/* Follows a feed: nothing is fetched yet. `verifier_key` is its vkey text, whose name is the origin. `name`
 * NULL: made from the origin; else one word. `pin` NULL: the certificate is judged by `cacert` or the
 * system's authorities. Following again with the same key sets url, pin, CA and quota anew.
 * HANSE_INVALID_ARGUMENT: bad key, url (https: or file:), pin; HANSE_EXISTS: the origin is followed with
 * another key, or the name is taken, or it is an own feed. */
struct hanse_follow_options {
    uint32_t version; /* 1 */
    const char *url;
    const char *verifier_key;
    const char *name;
    const char *pin;
    const char *cacert;
    uint64_t
        max_entries; /* a feed that would grow beyond ends as `over-limit` and stays as it was; 0: no quota */
    uint64_t max_bytes; /* the same for what its entries take on the disk, compressed */
};
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_feed_follow(struct hanse_node *node,
                                                               const struct hanse_follow_options *options,
                                                               struct hanse_error *err);

/* What was let go; texts live until the visitor returns. With url, verifier_key, name, pin, cacert and
 * quota the feed can be followed again. */
struct hanse_unfollowed {
    const char *origin;
    const char *name;
    const char *url;
    const char *verifier_key;
    const char *pin;
    const char *cacert;
    uint64_t size;        /* entries that were held */
    uint64_t max_entries; /* its quota; 0: none */
    uint64_t max_bytes;
};
typedef void hanse_unfollow_visit(void *context, const struct hanse_unfollowed *feed);
/* Drops a followed feed by origin or name: what the index knows of it, then the mirror's files. `visit` (NULL
 * ok) is called when both are gone. HANSE_NOT_FOUND: it is not followed; HANSE_INVALID_ARGUMENT: it is an own
 * feed; HANSE_LOCKED, HANSE_IO, HANSE_DENIED, HANSE_NO_MEMORY. After a failure it can be repeated. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_feed_unfollow(struct hanse_node *node,
                                                                 const char *origin_or_name,
                                                                 hanse_unfollow_visit *visit, void *context,
                                                                 struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
