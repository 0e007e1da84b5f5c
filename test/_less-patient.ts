// Imported before what it is meant for: of a test that makes hosts, and waits for what does not come.
process.env.RESET_LABS_PATIENCE_MS = '8000';
