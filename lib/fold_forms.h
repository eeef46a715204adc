/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_FOLD_FORMS_H
#define TINCAY_FOLD_FORMS_H

/*
 * All the ways in which one accented word may arrive. What was typed is never
 * decoded; it is compared with these, which are made once when a content pack
 * is loaded.
 */

enum fold_form {
	FOLD_FORM_BARE,  /* without marks: "giup" */
	FOLD_FORM_EXACT, /* with its marks; the tone on any of its vowels */
	FOLD_FORM_TELEX, /* "giups"; tone keys inside: "giusp"; letter keys
			    late: "nguoiwf", one for two: "nguowif" */
	FOLD_FORM_VNI,   /* the same with digits: "giup1", "giu1p" */
	FOLD_FORM_LOST,  /* "?" for letters with marks: "gi?p", "??ng" */
	FOLD_NFORMS
};

typedef void (*fold_form_fn)(const char *form, enum fold_form kind, void *ctx);

/* Call fn for each form of a word, which is one token of fold.exact. A form may
 * come more than once. A word with marks that no Vietnamese has, or of more
 * than 16 letters, has its bare and exact form only. */
void fold_forms(const char *word, fold_form_fn fn, void *ctx);

#endif
