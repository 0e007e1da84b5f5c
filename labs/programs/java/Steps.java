import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;

/**
 * Reports the steps of a program to the file named by LAB_STEPS; without it, to nobody.
 *
 * <p>{@code Steps.run(step, operation)} runs the operation and returns what it returned, or throws
 * what it threw. The lines are described in docs/programs.md.
 */
final class Steps {
    interface Operation<T> {
        T run() throws IOException;
    }

    interface Action {
        void run() throws IOException;
    }

    private static final OutputStream REPORT = open(System.getenv("LAB_STEPS"));

    static <T> T run(String step, Operation<T> operation) throws IOException {
        say(REPORT, step, "begin");
        T result;
        try {
            result = operation.run();
        } catch (IOException e) {
            // A Java exception does not tell its errno.
            say(REPORT, step, "error", e.getClass().getName(), "-", e.getMessage());
            throw e;
        }
        // At the end of file readLine() returns null; an empty line is "".
        boolean reads = step.equals("read") || step.equals("validate");
        say(REPORT, step, reads && result == null ? "eof" : "ok");
        return result;
    }

    static void run(String step, Action action) throws IOException {
        Operation<String> operation =
                () -> {
                    action.run();
                    return "done";
                };
        run(step, operation);
    }

    private static OutputStream open(String path) {
        if (path == null || path.isEmpty()) {
            return OutputStream.nullOutputStream();
        }
        try {
            OutputStream report = new FileOutputStream(path, true);
            say(report, "runtime", "ok", System.getProperty("java.version"));
            return report;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void say(OutputStream report, String... fields) throws IOException {
        Instant now = Instant.now();
        String line = String.valueOf(now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000);
        for (String field : fields) {
            line += "\t" + escape(String.valueOf(field));
        }
        // The stream has no buffer: each line is one write, also to a pipe.
        report.write((line + "\n").getBytes(UTF_8));
    }

    private static String escape(String field) {
        return field.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }
}
