/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_TEST_TEMPDIR_H
#define TINCAY_TEST_TEMPDIR_H

/* A folder for the files of one test; every failure ends the test. */

/* Make an empty folder. The caller passes the name to tempdir_remove(). */
char *tempdir_new(void);

/* Write a text into a file of it. */
void tempdir_write(const char *dir, const char *name, const char *text);

/* Remove the folder and the files in it, and free the name. */
void tempdir_remove(char *dir);

#endif
