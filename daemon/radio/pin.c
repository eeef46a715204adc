/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PIN of a SIM, from its file to the child. Three wrong ones lock a SIM, so
 * a PIN that was refused is never tried again, over restarts too: its keyed hash
 * stays in the row. It is written there before the child gets the PIN
 * (pin_open), since a daemon that dies in between cannot know what the SIM said.
 */
#include "config.h"

#include <string.h>

#include "conf.h"
#include "log.h"
#include "radio/radio_private.h"
#include "secretfile.h"
#include "vault/vault.h"

#define PIN_FILE_MAX 64

static bool
pin_is_good(const char *pin, size_t len)
{
	return len >= 4 && len <= 8 && strspn(pin, "0123456789") == len;
}

/* The file's first line, or "". */
static void
pin_read(const struct modem *m, char pin[ML_PIN_MAX])
{
	char text[PIN_FILE_MAX + 1] = "";
	size_t len = 0;
	int rc;

	pin[0] = '\0';
	if (m->conf->pin_file[0] == '\0')
		return;
	rc = secretfile_read(
	    m->conf->pin_file, SECRETFILE_OWN, text, PIN_FILE_MAX, &len);
	if (rc == 0) {
		len = strcspn(text, "\r\n");
		rc = pin_is_good(text, len) ? 0 : TC_EINVAL;
	}
	if (rc == 0) {
		memcpy(pin, text, len);
		pin[len] = '\0';
	} else
		log_err(
		    "modem PIN file is refused name=%s path=%s why=\"%s\"%s",
		    m->conf->name, m->conf->pin_file, tc_strerror(rc),
		    rc == TC_EDENIED ? " want=\"mode 0600, owned by us\"" : "");
	explicit_bzero(text, sizeof(text));
}

static void
pin_mac(const struct modem *m, const char *pin, unsigned char out[MODEM_MAC])
{
	char text[ML_NAME_MAX];

	if (str_printf(text, sizeof(text), "pin %s", pin) == 0)
		vault_mac(m->radio->core->vault, VAULT_MODEM, text,
		    strlen(text), out);
	explicit_bzero(text, sizeof(text));
}

int
pin_choose(struct modem *m, char pin[ML_PIN_MAX])
{
	struct modem_row row = m->row;
	unsigned char mac[MODEM_MAC];
	int rc;

	m->is_pin_used = false;
	pin_read(m, pin);
	if (pin[0] == '\0')
		return 0;
	pin_mac(m, pin, mac);
	if (memcmp(row.pin_tried, mac, sizeof(mac)) == 0) {
		log_warn("modem PIN is not tried again name=%s outcome=%s",
		    m->conf->name, row.pin_open ? "unknown" : "refused");
		explicit_bzero(pin, ML_PIN_MAX);
		return 0;
	}
	memcpy(row.pin_tried, mac, sizeof(mac));
	row.pin_open = true;
	rc = row_save(m, &row);
	if (rc != 0)
		explicit_bzero(pin, ML_PIN_MAX);
	return rc != 0 ? rc : 1;
}

void
pin_on_gone(struct modem *m, bool is_refused)
{
	struct modem_row row = m->row;

	if (!row.pin_open || (m->is_pin_used && !is_refused))
		return;
	row.pin_open = false;
	if (!is_refused) /* the SIM never saw it */
		memset(row.pin_tried, 0, sizeof(row.pin_tried));
	if (row_save(m, &row) != 0)
		log_debug("modem PIN stays open name=%s", m->conf->name);
}
