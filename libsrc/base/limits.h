/* SPDX-License-Identifier: Apache-2.0 */
/* Every limit, with its unit and its reason: the table of docs/protocol.md, checked before allocation. */
#ifndef HANSE_BASE_LIMITS_H
#define HANSE_BASE_LIMITS_H

#define HANSE_MAX_NOTE_BYTES (64u << 10) /* a checkpoint with 100 cosignatures has 20 KiB */
#define HANSE_MAX_NOTE_SIGNATURES 100u   /* C2SP: accept at least 16 */
#define HANSE_MAX_ORIGIN_BYTES 127u      /* fits the one-byte length of other log formats */
#define HANSE_MAX_ENTRY_PUBLISH_BYTES                                                                        \
    1024u /* commitment and header; a KEY entry with 16 recovery keys fits */
#define HANSE_MAX_ENTRY_ACCEPT_BYTES 65535u               /* the u16 of an entry bundle */
#define HANSE_MAX_RECORD_BYTES (1u << 20)                 /* larger things are attachments */
#define HANSE_MAX_PAYLOAD_BYTES ((1u << 20) + 20u + 255u) /* salt, length, record, padding to 256 */
#define HANSE_MAX_RECORD_DEPTH 16u                /* the deepest message of the catalogue has 9 levels */
#define HANSE_MAX_RECORD_MEMORY_BYTES (16u << 20) /* unpacked, empty messages take many times their bytes */
#define HANSE_MAX_RECORD_JSON_BYTES (8u << 20)    /* a record of 1 MiB, escaped and with its names */
#define HANSE_MAX_RECORD_JSON_VALUES (1u << 18)   /* the JSON parser takes up to 300 bytes for "{}" */
#define HANSE_MAX_FRAME_ENTRIES 4096u             /* bounds the memory of a frame's offsets */
#define HANSE_MAX_FRAME_INFLATED_BYTES (1u << 20) /* plus one payload */
#define HANSE_MAX_SEGMENT_BYTES (64u << 20)       /* a writer seals at 8 MiB */
#define HANSE_SEAL_SEGMENT_BYTES (8u << 20)       /* what a follower may fetch again is bounded by a block */
#define HANSE_BLOCK_INFLATED_BYTES (256u << 10)   /* bounds the work of reading one entry */
#define HANSE_DICTIONARY_BYTES (32u << 10)        /* deflate's window */
#define HANSE_MAX_MANIFEST_BYTES (1u << 20)       /* 100,000 entries of 568 bytes as JSON need 1 KiB */
#define HANSE_MAX_PROOF_HASHES 63u                /* sizes below 2^63 */
#define HANSE_MAX_LOG_PROOF_BYTES (2u << 20)      /* a payload in base64, a note and 63 hashes */
#define HANSE_MAX_KEY_CHANGE_BYTES (256u << 10)   /* entry, note and proof */
#define HANSE_MAX_KEY_CHAIN 1024u /* key changes of a feed: a change a week lasts twenty years */
#define HANSE_MAX_FORK_EVIDENCE_BYTES (2u << 20) /* two notes, 63 hashes and the key changes */
#define HANSE_MAX_RECOVERY_KEYS 16u
#define HANSE_MAX_NETWORK_IDS 64u                /* networks that one record is shared with */
#define HANSE_MAX_ERASE_RANGES 64u               /* more need a second ERASE entry */
#define HANSE_MAX_URL_BYTES 2048u                /* what servers take in a request line */
#define HANSE_MAX_MIRRORS 8                      /* places besides its own that one feed is asked for at */
#define HANSE_MAX_FETCH_HEADER_BYTES (16u << 10) /* all headers of one answer; ours have 300 bytes */
#define HANSE_MAX_FETCH_ERROR_BODY_BYTES (16u << 10) /* read to keep the connection, then it is closed */

#define HANSE_MAX_IMPORT_LINE_BYTES (8u << 20) /* JSON escapes make a record up to six times as long */
#define HANSE_MAX_IATI_ACTIVITY_BYTES                                                                        \
    (8u << 20) /* XML is about eight times as long as the record made of it */
#define HANSE_MAX_IATI_MEMORY_BYTES (48u << 20) /* the tree of one activity: text, nodes, attributes */
#define HANSE_MAX_IATI_NODES 250000u            /* elements and attributes of one activity */
#define HANSE_MAX_IATI_DEPTH 64u                /* IATI itself nests 8 deep */
#define HANSE_MAX_IATI_IDENTIFIERS (1u << 21)   /* watched for duplicates in one file: 32 MiB of hashes */
#define HANSE_MAX_LOSS_PATHS 4096u              /* IATI has about 300; more are invented names */
#define HANSE_MAX_LOSS_PATH_BYTES 512u
#define HANSE_MAX_CSV_ROW_BYTES (8u << 20) /* as a line of JSON */
#define HANSE_MAX_SHEET_COLUMNS 4096u      /* a sheet of one row a record has some hundred */
#define HANSE_MAX_COLUMN_NAME_BYTES 512u   /* as long as a path of a loss report */
#define HANSE_MAX_COLUMN_MAP_BYTES (256u << 10)
#define HANSE_MAX_COLUMN_MAPPINGS 1024u  /* a parsed path takes 1 KiB */
#define HANSE_MAX_IMPORT_KEYS (1u << 21) /* watched for repetition in one import: 96 MiB */

#define HANSE_MAX_VOICE_NAMES 64u             /* codes of one city and records about it: each is compared */
#define HANSE_MAX_STATEMENT_BYTES (64u << 20) /* what a node's feeds say of each other, in memory */

#define HANSE_MAX_SEARCH_BYTES 4096u  /* of the words that are looked for; nobody types more */
#define HANSE_MAX_SEARCH_TERMS 32u    /* words and phrases of one search: each is a list to be read */
#define HANSE_MAX_SEARCH_TOKENS 512u  /* of all of them; a phrase in Japanese has one for each character */
#define HANSE_MAX_SEARCH_HITS 1000u   /* of one answer; more is an export */
#define HANSE_MAX_RANKED_HITS 10000u  /* to put them in order takes a microsecond for each */
#define HANSE_SHARD_DOCUMENTS 100000u /* of a file for searching: to forget one is to make them all anew */
#define HANSE_MAX_SHARDS 256u         /* open at a time; each takes three descriptors */

#define HANSE_MAX_REPORT_BYTES (1u << 30) /* what a report keeps of a million records */

#endif
