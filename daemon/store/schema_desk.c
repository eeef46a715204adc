/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Step 6 of the schema: the desk grows up. The states of a case, who leads it,
 * its clocks; copies of its key that are only shown, not opened; consent; duty
 * and alerts; and one table of everything that falls due.
 */
#include "config.h"

#include "store/schema.h"

const char schema_desk[] =
    /* SQLite changes no CHECK: the case and what refers to it are made anew. */
    "CREATE TABLE case_2("
    "  id INTEGER PRIMARY KEY,"
    "  code TEXT NOT NULL UNIQUE,"
    "  contact_id INTEGER NOT NULL REFERENCES contact(id),"
    "  queue TEXT NOT NULL,"
    "  lead TEXT NOT NULL DEFAULT '',"     /* agency of who has it */
    "  refer_to TEXT NOT NULL DEFAULT ''," /* agency it is offered to */
    "  public_key BLOB NOT NULL CHECK(length(public_key) = 32),"
    "  urgency INTEGER NOT NULL CHECK(urgency BETWEEN 0 AND 4),"
    "  state TEXT NOT NULL DEFAULT 'new' CHECK(state = 'new'"
    "    OR state = 'claimed' OR state = 'active' OR state = 'waiting'"
    "    OR state = 'referred' OR state = 'closed'),"
    "  hushed INTEGER NOT NULL DEFAULT 0,"
    "  call_back INTEGER NOT NULL DEFAULT 0," /* a reply never went out */
    "  opened_at INTEGER NOT NULL,"
    "  due_at INTEGER NOT NULL,"
    "  claimed_by INTEGER REFERENCES user(id),"
    "  claimed_at INTEGER,"
    "  claim_until INTEGER," /* untouched, it is new again then */
    "  next_at INTEGER,"     /* of the next act that was planned */
    "  closed_at INTEGER,"
    "  outcome TEXT NOT NULL DEFAULT '',"
    "  hold TEXT NOT NULL DEFAULT '',"
    "  items INTEGER NOT NULL DEFAULT 0,"
    "  change INTEGER NOT NULL,"
    "  CHECK((state = 'referred') = (refer_to <> '')),"
    "  CHECK(state = 'new' OR state = 'closed' OR claimed_by IS NOT NULL)"
    ") STRICT;"
    "INSERT INTO case_2(id, code, contact_id, queue, public_key, urgency,"
    "  state, hushed, opened_at, due_at, claimed_by, claimed_at, closed_at,"
    "  outcome, hold, items, change)"
    "  SELECT id, code, contact_id, queue, public_key, urgency, state,"
    "  hushed, opened_at, due_at, claimed_by, claimed_at, closed_at, outcome,"
    "  hold, items, change FROM \"case\";"
    "UPDATE case_2 SET lead = coalesce((SELECT agency FROM user"
    "  WHERE id = claimed_by), '');"

    /* The copy of an agency. It is on the ladder at a rung: 0 the first, 10 and
     * on the second ones, 50 TRIAGE, 90 RECOVERY, 100 a referral. change and
     * rank (urgency, then due; NULL when closed) repeat the case's, so that a
     * queue is one walk along an index. */
    "CREATE TABLE case_seal_2("
    "  case_id INTEGER NOT NULL REFERENCES case_2(id) ON DELETE CASCADE,"
    "  agency TEXT NOT NULL,"
    "  sealed BLOB NOT NULL,"
    "  rung INTEGER NOT NULL DEFAULT 0,"
    "  shown_at INTEGER,"    /* in the agency's queue since */
    "  released_at INTEGER," /* may be opened since */
    "  change INTEGER NOT NULL DEFAULT 0,"
    "  rank INTEGER,"
    "  is_old INTEGER NOT NULL DEFAULT 0," /* to the agency's last key */
    "  PRIMARY KEY(case_id, agency),"
    "  CHECK(shown_at IS NOT NULL OR (released_at IS NULL AND rank IS NULL))"
    ") STRICT, WITHOUT ROWID;"
    "INSERT INTO case_seal_2(case_id, agency, sealed, rung, shown_at,"
    "  released_at, change, rank)"
    "  SELECT s.case_id, s.agency, s.sealed, CASE"
    "    WHEN s.agency = 'RECOVERY' THEN 90"
    "    WHEN s.released_at IS NOT NULL THEN 0"
    "    WHEN s.agency = 'TRIAGE' THEN 50 ELSE 10 END,"
    "  s.released_at, s.released_at, c.change,"
    "  CASE WHEN s.released_at IS NOT NULL AND c.state <> 'closed'"
    "    THEN (c.urgency + 1 << 40) + c.due_at END"
    "  FROM case_seal s JOIN case_2 c ON c.id = s.case_id;"
    "CREATE TABLE case_item_2("
    "  id INTEGER PRIMARY KEY,"
    "  case_id INTEGER NOT NULL REFERENCES case_2(id) ON DELETE CASCADE,"
    "  kind TEXT NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  sealed BLOB NOT NULL"
    ") STRICT;"
    "INSERT INTO case_item_2(id, case_id, kind, at, sealed)"
    "  SELECT id, case_id, kind, at, sealed FROM case_item;"
    "DROP TABLE case_seal;"
    "DROP TABLE case_item;"
    "DROP TABLE \"case\";"
    "ALTER TABLE case_2 RENAME TO \"case\";"
    "ALTER TABLE case_seal_2 RENAME TO case_seal;"
    "ALTER TABLE case_item_2 RENAME TO case_item;"
    "CREATE INDEX case_contact ON \"case\"(contact_id, opened_at);"
    "CREATE UNIQUE INDEX case_change ON \"case\"(change);"
    "CREATE INDEX case_closed ON \"case\"(closed_at)"
    "  WHERE state = 'closed' AND hold = '';"
    "CREATE INDEX case_claimed ON \"case\"(claimed_by)"
    "  WHERE state NOT IN ('new', 'closed');"
    "CREATE INDEX case_seal_change ON case_seal(agency, change)"
    "  WHERE shown_at IS NOT NULL;"
    "CREATE INDEX case_seal_rank ON case_seal(agency, rank, case_id)"
    "  WHERE rank IS NOT NULL;"
    "CREATE INDEX case_seal_old ON case_seal(agency, case_id)"
    "  WHERE is_old = 1;"
    "ALTER TABLE agency ADD COLUMN due_at INTEGER;" /* a new key is due */
    "CREATE INDEX case_item_case ON case_item(case_id, at);"
    "ALTER TABLE case_event ADD COLUMN detail TEXT NOT NULL DEFAULT '';"

    /* Who else may know, as she said it (R19); the last word counts. */
    "CREATE TABLE case_consent("
    "  case_id INTEGER NOT NULL REFERENCES \"case\"(id) ON DELETE CASCADE,"
    "  agency TEXT NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  given INTEGER NOT NULL,"
    "  how TEXT NOT NULL CHECK(how IN ('voice', 'person', 'text')),"
    "  user_id INTEGER NOT NULL REFERENCES user(id),"
    "  PRIMARY KEY(case_id, agency, at)"
    ") STRICT, WITHOUT ROWID;"

    /* When a safe contact may be called: minutes of the local day, days as bits
     * from Monday, 0 = every day; from = until: any time. */
    "ALTER TABLE contact ADD COLUMN call_from INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE contact ADD COLUMN call_until INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE contact ADD COLUMN call_days INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE contact ADD COLUMN safe_word TEXT NOT NULL DEFAULT '';"

    /* Everything that falls due, by what kind of thing and whose. */
    "CREATE TABLE due("
    "  kind INTEGER NOT NULL,"
    "  subject INTEGER NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  step INTEGER NOT NULL DEFAULT 0,"
    "  PRIMARY KEY(kind, subject)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX due_at ON due(at);"
    "CREATE TABLE user_phone("
    "  user_id INTEGER PRIMARY KEY REFERENCES user(id),"
    "  box BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE duty("
    "  id INTEGER PRIMARY KEY,"
    "  agency TEXT NOT NULL,"
    "  user_id INTEGER NOT NULL REFERENCES user(id),"
    "  deputy_id INTEGER REFERENCES user(id),"
    "  starts_at INTEGER NOT NULL,"
    "  ends_at INTEGER NOT NULL,"
    "  taken_at INTEGER," /* he said that he has it */
    "  CHECK(starts_at < ends_at)"
    ") STRICT;"
    "CREATE INDEX duty_agency ON duty(agency, starts_at);"
    /* What was not said yet to whom: one text stands for all of it. */
    "CREATE TABLE alert("
    "  user_id INTEGER PRIMARY KEY REFERENCES user(id),"
    "  queue TEXT NOT NULL DEFAULT '',"
    "  urgency INTEGER NOT NULL DEFAULT 4,"
    "  code TEXT NOT NULL DEFAULT '',"
    "  waiting INTEGER NOT NULL DEFAULT 0,"
    "  sent_at INTEGER NOT NULL DEFAULT 0,"
    "  hour INTEGER NOT NULL DEFAULT 0," /* since 1970 */
    "  sent INTEGER NOT NULL DEFAULT 0"  /* in that hour */
    ") STRICT;"

    /* Trusted addresses (M19): sealed to DCTC, a number that is never used again
     * for the label, and what the outbox knows their words by. */
    "CREATE TABLE address("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  places INTEGER NOT NULL CHECK(places BETWEEN 1 AND 99),"
    "  sealed BLOB NOT NULL,"
    "  is_old INTEGER NOT NULL DEFAULT 0," /* to the last key of DCTC */
    "  added_at INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE address_run("
    "  mac BLOB NOT NULL CHECK(length(mac) = 16),"
    "  address_id INTEGER NOT NULL REFERENCES address(id),"
    "  PRIMARY KEY(mac, address_id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX address_run_address ON address_run(address_id);"
    "CREATE TABLE address_stay("
    "  case_id INTEGER PRIMARY KEY REFERENCES \"case\"(id),"
    "  address_id INTEGER NOT NULL REFERENCES address(id),"
    "  places INTEGER NOT NULL CHECK(places >= 1),"
    "  since INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX address_stay_address ON address_stay(address_id);"

    /* The clocks that the law sets, each ended by a named act. */
    "CREATE TABLE case_clock("
    "  case_id INTEGER NOT NULL REFERENCES \"case\"(id) ON DELETE CASCADE,"
    "  clock TEXT NOT NULL CHECK(clock IN ('ban', 'child')),"
    "  started_at INTEGER NOT NULL,"
    "  due_at INTEGER NOT NULL,"
    "  stopped_at INTEGER,"
    "  act TEXT NOT NULL," /* that started or stopped it */
    "  PRIMARY KEY(case_id, clock)"
    ") STRICT, WITHOUT ROWID;"

    /* Systems of agencies that are told of changes, and what they are told, in
     * the order of seq. The body of a delivery is made of its row. */
    "CREATE TABLE webhook("
    "  id INTEGER PRIMARY KEY,"
    "  name TEXT NOT NULL UNIQUE,"
    "  agency TEXT NOT NULL,"
    "  url TEXT NOT NULL,"
    "  secret_box BLOB NOT NULL,"
    "  created_at INTEGER NOT NULL,"
    "  failures INTEGER NOT NULL DEFAULT 0," /* in a row */
    "  next_at INTEGER NOT NULL DEFAULT 0,"  /* no try before */
    "  tried_at INTEGER,"
    "  result TEXT NOT NULL DEFAULT ''" /* of the last try */
    ") STRICT;"
    "CREATE TABLE delivery("
    "  seq INTEGER PRIMARY KEY,"
    "  id INTEGER NOT NULL UNIQUE,"
    "  webhook_id INTEGER NOT NULL REFERENCES webhook(id) ON DELETE CASCADE,"
    "  event TEXT NOT NULL,"
    "  urgency INTEGER NOT NULL,"
    "  code TEXT NOT NULL,"
    "  cursor INTEGER NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  queued_at INTEGER NOT NULL,"
    "  next_at INTEGER NOT NULL DEFAULT 0," /* no try before */
    "  state TEXT NOT NULL DEFAULT 'queued'"
    "    CHECK(state IN ('queued', 'delivered', 'dead')),"
    "  tries INTEGER NOT NULL DEFAULT 0,"
    "  settled_at INTEGER,"
    "  result TEXT NOT NULL DEFAULT '',"
    "  CHECK((state = 'queued') = (settled_at IS NULL))"
    ") STRICT;"
    "CREATE INDEX delivery_webhook ON delivery(webhook_id, seq);"
    "CREATE INDEX delivery_queue ON delivery(webhook_id, seq)"
    "  WHERE state = 'queued';"
    "CREATE INDEX delivery_settled ON delivery(state, settled_at)"
    "  WHERE state <> 'queued';";
