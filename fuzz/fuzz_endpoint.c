/* SPDX-License-Identifier: Apache-2.0 */
/* What names the other end of a connection: pins, an address to listen on, the URL of a feed. */
#include "fuzz.h"

#include "base/limits.h"
#include "net/location.h"
#include "net/pins.h"
#include "serve/listen_address.h"

enum { MAX_OUT_BYTES = 2 * HANSE_MAX_URL_BYTES };

static void check_location(const char *text, size_t size)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer url;
    HANSE_SCOPED_BUFFER struct hanse_buffer folder;
    hanse_buffer_init(&url, MAX_OUT_BYTES);
    hanse_buffer_init(&folder, MAX_OUT_BYTES);
    struct hanse_error err;
    bool is_file = false;
    enum hanse_status status = hanse_location_resolve(text, "checkpoint", &is_file, &url, &folder, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, size);
        return;
    }
    FUZZ_CHECK(is_file == (strncmp(text, "file:", 5) == 0) && is_file == (folder.size > 0));
    FUZZ_CHECK(is_file || strncmp(text, "https://", 8) == 0);
    FUZZ_CHECK(hanse_bytes_find(hanse_buffer_view(&folder), 0, '\0') == folder.size);
    FUZZ_CHECK(!is_file || folder.data[0] == '/');
    for (size_t i = 0; i < url.size; i++)
        FUZZ_CHECK(url.data[i] > ' ' && url.data[i] < 0x7f);
}

static void check_listen(const char *text, size_t size)
{
    struct hanse_listen_address address;
    struct hanse_error err;
    enum hanse_status status = hanse_listen_address_parse(text, &address, &err);
    if (status != HANSE_OK)
        fuzz_check_failure(status, &err, size);
    else
        FUZZ_CHECK(address.storage.ss_family == AF_INET || address.storage.ss_family == AF_INET6);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(hanse_bytes_of(data, size));
    struct hanse_error err;
    enum hanse_status status = hanse_pins_check(text, &err);
    if (status != HANSE_OK)
        fuzz_check_failure(status, &err, size);
    check_location(text, size);
    check_listen(text, size);
    free(text);
    return 0;
}
