/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SIM_CLIENT_H
#define TINCAY_SIM_CLIENT_H

/*
 * The verbs of the command line: each asks a running simulator over its control
 * socket.
 */

#define CLIENT_DONE 0
#define CLIENT_REFUSED 1
#define CLIENT_USAGE 2

/* argv[0] is the verb. Returns the exit code; everything is printed. */
int client_main(int argc, char **argv);

/* One line for each verb, for the usage text. */
void client_usage(void);

#endif
