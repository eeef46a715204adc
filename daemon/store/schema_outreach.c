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
    "ALTER TABLE person ADD COLUMN script TEXT NOT NULL DEFAULT '';"
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
    "  script TEXT NOT NULL DEFAULT 'accented'"
    "    CHECK(script IN ('accented', 'bare'))," /* who has not chosen */
    "  is_pupil_safe INTEGER NOT NULL DEFAULT 0,"
    "  acknowledged TEXT NOT NULL DEFAULT ''," /* rules of the lint */
    "  frozen INTEGER NOT NULL DEFAULT 0,"     /* how many, at approval */
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

    /* What is said to whom: the texts as they were written beside the one of the
     * campaign, and what the check made of all of them: whole texts with their
     * figures, of which each recipient gets one. */
    "CREATE TABLE campaign_variant("
    "  campaign_id INTEGER NOT NULL REFERENCES campaign(id) ON DELETE CASCADE,"
    "  kind TEXT NOT NULL," /* group; '' = everybody */
    "  language TEXT NOT NULL,"
    "  script TEXT NOT NULL CHECK(script IN ('accented', 'bare')),"
    "  text_box BLOB NOT NULL,"
    "  reviewer TEXT NOT NULL DEFAULT '',"
    "  PRIMARY KEY(campaign_id, kind, language, script)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE campaign_text("
    "  id INTEGER PRIMARY KEY,"
    "  campaign_id INTEGER NOT NULL REFERENCES campaign(id) ON DELETE CASCADE,"
    "  kind TEXT NOT NULL,"
    "  language TEXT NOT NULL,"
    "  script TEXT NOT NULL,"
    "  text_box BLOB NOT NULL,"
    "  coding TEXT NOT NULL,"
    "  segments INTEGER NOT NULL,"              /* of the longest */
    "  is_personal INTEGER NOT NULL DEFAULT 0," /* holds {thon} */
    "  people INTEGER NOT NULL DEFAULT 0,"      /* at approval */
    "  UNIQUE(campaign_id, kind, language, script)"
    ") STRICT;"
    "INSERT INTO campaign_text(campaign_id, kind, language, script, text_box,"
    "  coding, segments) SELECT id, '', 'vi', s.column1, text_box, coding,"
    "  segments FROM campaign, (VALUES ('accented'), ('bare')) s"
    "  WHERE state IN ('approved', 'running', 'paused');"
    "ALTER TABLE message ADD COLUMN text_id INTEGER;" /* of campaign_text */
    "UPDATE message SET text_id = (SELECT t.id FROM campaign_text t"
    "  WHERE t.campaign_id = message.campaign_id AND t.script = 'accented')"
    "  WHERE campaign_id IS NOT NULL;"
    /* Who did what with a campaign; nothing is ever removed. */
    "CREATE TABLE campaign_act("
    "  campaign_id INTEGER NOT NULL REFERENCES campaign(id),"
    "  at INTEGER NOT NULL,"
    "  user_id INTEGER NOT NULL REFERENCES user(id),"
    "  act TEXT NOT NULL,"
    "  detail TEXT NOT NULL DEFAULT ''"
    ") STRICT;"
    "CREATE INDEX campaign_act_of ON campaign_act(campaign_id);"

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
    ") STRICT, WITHOUT ROWID;";
