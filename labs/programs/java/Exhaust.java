import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Takes what a program can have only so much of. */
final class Exhaust {
    private static final int BLOCK = 8 << 20;

    // What can no longer be reached, Java closes.
    private static final List<FileInputStream> LEAKED = new ArrayList<>();

    /** Opens files until no descriptor is left; they stay open. */
    static void descriptors() throws IOException {
        try {
            for (; ; ) {
                LEAKED.add(open());
            }
        } catch (FileNotFoundException e) {
            // Java has no class for this: only the message tells.
            if (!e.getMessage().endsWith("(Too many open files)")) {
                throw e;
            }
        }
    }

    static FileInputStream open() throws IOException {
        return new FileInputStream("/dev/null");
    }

    /** Takes as much memory as the budget allows, and gives it up when it returns. */
    static void memory(long budget) {
        List<byte[]> taken = new ArrayList<>();
        for (long size = BLOCK; size <= budget; size += BLOCK) {
            taken.add(new byte[BLOCK]); // Filled with zeros, so it is really taken.
        }
    }
}
