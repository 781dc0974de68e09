-- What could not be sent to a group's place, apart from what could not be done for its thread or role.
ALTER TABLE study_groups ADD COLUMN unsent TEXT NOT NULL DEFAULT '';
UPDATE study_groups SET unsent = fault, fault = '' WHERE fault LIKE '%could not be sent: %';
