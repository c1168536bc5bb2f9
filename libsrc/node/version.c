/* SPDX-License-Identifier: Apache-2.0 */
/* Versions of the library, the protocol and the foreign libraries, which each layer tells of its own. */
#include <hanse/version.h>

#include "codec/library_version.h"
#include "crypto/library_version.h"
#include "index/library_version.h"
#include "net/library_version.h"
#include "record/iati/library_version.h"
#include "record/json/library_version.h"
#include "serve/library_version.h"
#include "wire/library_version.h"

const char *hanse_version(void)
{
    /* From CMakeLists.txt, where it is stated once. */
    return HANSE_PROJECT_VERSION;
}

const char *hanse_protocol_version(void)
{
    return "1";
}

bool hanse_library_version(size_t i, const char **out_name, const char **out_version)
{
    static const struct {
        const char *name;
        const char *(*version)(void);
    } libraries[] = {
        {"zlib", hanse_codec_library_version},          {"OpenSSL", hanse_crypto_library_version},
        {"protobuf-c", hanse_wire_library_version},     {"SQLite", hanse_index_library_version},
        {"jansson", hanse_record_json_library_version}, {"libxml2", hanse_record_iati_library_version},
        {"libcurl", hanse_net_library_version},         {"libmicrohttpd", hanse_serve_library_version},
    };
    if (i >= sizeof libraries / sizeof *libraries) {
        return false;
    }
    *out_name = libraries[i].name;
    *out_version = libraries[i].version();
    return true;
}
