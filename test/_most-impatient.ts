// Imported before what it is meant for: of a test in which nothing real is waited for.
process.env.RESET_LABS_PATIENCE_MS = '200';
