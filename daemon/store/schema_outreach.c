/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What outreach adds to the schema: one of the steps in schema.c. */
#include "config.h"

#include "store/schema.h"

const char schema_outreach[] =
    /* Numbers that no sheet may bring in: who was forgotten, and the national
     * do-not-call list. */
    "CREATE TABLE do_not_import("
    "  mac BLOB PRIMARY KEY,"
    "  why TEXT NOT NULL CHECK(why IN ('forgotten', 'dnc')),"
    "  at INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "ALTER TABLE person ADD COLUMN is_minor INTEGER NOT NULL DEFAULT 0;"
    /* What one person does not want to hear of; the ledger says when. */
    "CREATE TABLE theme_optout("
    "  person_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,"
    "  theme TEXT NOT NULL,"
    "  PRIMARY KEY(person_id, theme)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX person_hamlet ON person(hamlet, kind);"

    /* A list is its members, or whoever fits a query now. Drills go to those on
     * a drill list alone. */
    "ALTER TABLE list ADD COLUMN is_smart INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE list ADD COLUMN hamlet TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE list ADD COLUMN kind TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE list ADD COLUMN is_drill INTEGER NOT NULL DEFAULT 0;"

    /* A campaign goes to several lists and has rules of its own. */
    "CREATE TABLE campaign_2("
    "  id INTEGER PRIMARY KEY,"
    "  name TEXT NOT NULL,"
    "  plan_year INTEGER NOT NULL,"
    "  author_id INTEGER NOT NULL REFERENCES user(id),"
    "  approver_id INTEGER REFERENCES user(id),"
    "  state TEXT NOT NULL DEFAULT 'draft' CHECK(state IN ('draft', 'checked',"
    "    'approved', 'running', 'paused', 'done', 'cancelled')),"
    "  reason TEXT NOT NULL DEFAULT ''," /* why it is paused */
    "  text_box BLOB NOT NULL,"
    "  coding TEXT NOT NULL,"
    "  segments INTEGER NOT NULL,"
    "  theme TEXT NOT NULL DEFAULT '',"
    "  legal_basis TEXT NOT NULL DEFAULT '',"
    "  review_on TEXT NOT NULL DEFAULT '',"
    "  start_at INTEGER NOT NULL DEFAULT 0,"
    "  end_at INTEGER NOT NULL DEFAULT 0," /* 0 = open */
    "  send_from INTEGER NOT NULL DEFAULT 0,"
    "  send_until INTEGER NOT NULL DEFAULT 1440,"
    "  per_day INTEGER NOT NULL DEFAULT 1 CHECK(per_day BETWEEN 1 AND 3),"
    "  per_month INTEGER NOT NULL DEFAULT 4,"
    "  budget INTEGER NOT NULL DEFAULT 0," /* dong; 0 = none */
    "  budget_source TEXT NOT NULL DEFAULT '',"
    "  spent INTEGER NOT NULL DEFAULT 0,"
    "  canary INTEGER NOT NULL DEFAULT 0,"
    "  canary_minutes INTEGER NOT NULL DEFAULT 0,"
    "  canary_at INTEGER NOT NULL DEFAULT 0," /* the last of them went out */
    "  went_on INTEGER NOT NULL DEFAULT 0,"
    "  fed INTEGER NOT NULL DEFAULT 0,"
    "  is_drill INTEGER NOT NULL DEFAULT 0,"
    "  frozen INTEGER NOT NULL DEFAULT 0," /* how many, at approval */
    "  frozen_hash BLOB,"
    "  created_at INTEGER NOT NULL,"
    "  approved_at INTEGER,"
    "  started_at INTEGER,"
    "  ended_at INTEGER,"
    "  CHECK(approver_id IS NULL OR approver_id <> author_id),"
    "  CHECK(state IN ('draft', 'checked', 'cancelled')"
    "    OR approver_id IS NOT NULL)"
    ") STRICT;"
    "INSERT INTO campaign_2(id, name, plan_year, author_id, approver_id, state,"
    "  text_box, coding, segments, created_at, approved_at, started_at,"
    "  ended_at) SELECT id, name, plan_year, author_id, approver_id, state,"
    "  text_box, coding, segments, created_at, approved_at, started_at,"
    "  ended_at FROM campaign;"
    "CREATE TABLE campaign_list("
    "  campaign_id INTEGER NOT NULL REFERENCES campaign(id) ON DELETE CASCADE,"
    "  list_id INTEGER NOT NULL REFERENCES list(id),"
    "  PRIMARY KEY(campaign_id, list_id)"
    ") STRICT, WITHOUT ROWID;"
    "INSERT INTO campaign_list(campaign_id, list_id)"
    "  SELECT id, list_id FROM campaign;"
    /* A trigger that names a table stands in the way of its renaming. */
    "DROP TRIGGER recipient_is_frozen;"
    "DROP TABLE campaign;"
    "ALTER TABLE campaign_2 RENAME TO campaign;"
    "CREATE INDEX campaign_running ON campaign(started_at)"
    "  WHERE state = 'running';"
    "CREATE TRIGGER recipient_is_frozen BEFORE INSERT ON recipient WHEN"
    "  (SELECT state FROM campaign WHERE id = new.campaign_id)"
    "    NOT IN ('checked') BEGIN"
    "  SELECT raise(ABORT, 'recipients are frozen at approval'); END;"

    /* When a recipient got his text, for what one person may get in a day; who
     * has had enough waits until not_before. */
    "ALTER TABLE recipient ADD COLUMN fed_at INTEGER;"
    "ALTER TABLE recipient ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX recipient_fed ON recipient(person_id, fed_at)"
    "  WHERE fed_at IS NOT NULL;"
    "DROP INDEX recipient_queue;"
    "CREATE INDEX recipient_queue ON recipient(campaign_id, operator)"
    "  WHERE state = 'queued' AND not_before = 0;"
    "CREATE INDEX recipient_waiting ON recipient(campaign_id, not_before)"
    "  WHERE state = 'queued' AND not_before > 0;"

    /* Segments that a campaign put on the air, by SIM. */
    "CREATE TABLE campaign_ledger("
    "  campaign_id INTEGER NOT NULL,"
    "  modem TEXT NOT NULL,"
    "  segments INTEGER NOT NULL,"
    "  PRIMARY KEY(campaign_id, modem)"
    ") STRICT, WITHOUT ROWID;"

    /* When somebody does not want to be texted, minutes of the day: from =
     * until is never, until before from is over midnight. */
    "ALTER TABLE person ADD COLUMN quiet_from INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE person ADD COLUMN quiet_until INTEGER NOT NULL DEFAULT 0;"

    /* Meetings and who said that he comes. */
    "CREATE TABLE event("
    "  id INTEGER PRIMARY KEY,"
    "  number INTEGER NOT NULL," /* SK 2; used again when it is over */
    "  name TEXT NOT NULL,"
    "  place TEXT NOT NULL,"
    "  starts_at INTEGER NOT NULL,"
    "  state TEXT NOT NULL DEFAULT 'draft' CHECK(state IN ('draft',"
    "    'approved', 'cancelled')),"
    "  author_id INTEGER NOT NULL REFERENCES user(id),"
    "  approver_id INTEGER REFERENCES user(id),"
    "  created_at INTEGER NOT NULL,"
    "  CHECK(approver_id IS NULL OR approver_id <> author_id),"
    "  CHECK((state = 'draft') = (approver_id IS NULL)"
    "    OR state = 'cancelled')"
    ") STRICT;"
    "CREATE INDEX event_coming ON event(starts_at) WHERE state = 'approved';"
    "CREATE INDEX event_number ON event(number, starts_at);"
    "CREATE TABLE event_list("
    "  event_id INTEGER NOT NULL REFERENCES event(id) ON DELETE CASCADE,"
    "  list_id INTEGER NOT NULL REFERENCES list(id),"
    "  PRIMARY KEY(event_id, list_id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE event_guest("
    "  event_id INTEGER NOT NULL REFERENCES event(id) ON DELETE CASCADE,"
    "  person_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,"
    "  at INTEGER NOT NULL,"
    "  left_at INTEGER NOT NULL DEFAULT 0," /* 0 = he comes */
    "  PRIMARY KEY(event_id, person_id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX event_guest_person ON event_guest(person_id);"

    /* A text to one person that he asked for himself, and when: the reminder
     * of an event. Its message has the same id. */
    "CREATE TABLE notice("
    "  id INTEGER PRIMARY KEY,"
    "  person_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,"
    "  event_id INTEGER REFERENCES event(id),"
    "  due_at INTEGER NOT NULL,"
    "  until_at INTEGER NOT NULL,"
    "  state TEXT NOT NULL DEFAULT 'queued' CHECK(state = 'queued'"
    "    OR state = 'sending' OR state = 'sent' OR state = 'delivered'"
    "    OR state = 'partly' OR state = 'undelivered' OR state = 'no_report'"
    "    OR state = 'uncertain' OR state = 'failed' OR state = 'suppressed'"
    "    OR state = 'cancelled'),"
    "  reason TEXT NOT NULL DEFAULT '',"
    "  at INTEGER,"
    "  fed_at INTEGER"
    ") STRICT;"
    "CREATE INDEX notice_due ON notice(due_at) WHERE state = 'queued';"
    "CREATE INDEX notice_until ON notice(until_at) WHERE state = 'queued';"
    "CREATE INDEX notice_person ON notice(person_id, fed_at);"
    "CREATE INDEX notice_event ON notice(event_id, person_id);"
    /* Days of the calendar of which drafters were told. */
    "CREATE TABLE told("
    "  day TEXT NOT NULL,"
    "  from_at INTEGER NOT NULL,"
    "  step INTEGER NOT NULL,"
    "  PRIMARY KEY(day, from_at, step)"
    ") STRICT, WITHOUT ROWID;";
