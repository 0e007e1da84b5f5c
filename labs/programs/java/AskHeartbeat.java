import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * A client that sends one line and reads one line, and meanwhile asks for signs of life.
 *
 * <p>Usage: java AskHeartbeat HOST PORT
 */
class AskHeartbeat {
    static final String USAGE = "Usage: java AskHeartbeat HOST PORT";
    static final String REFUSED = "Connection refused: nothing listens on ";
    static final String RESET =
            "Connection reset: the server or something on the way aborted the connection.";
    static final String SILENT = "No sign of life from the server.";
    static final String FAILED = "Connection failed: ";
    static final String NO_REPLY = "The server closed the connection without a reply.";
    static final int TRIES = 2;
    static final int INTERVAL_MS = 250;
    static final long PATIENCE_NS = 1_000_000_000;

    /** Returns the line that the server answered, or null if it gave no answer. */
    static String ask(String host, int port) throws IOException {
        try (Socket server = Steps.run("connect", () -> new Socket(host, port))) {
            System.out.println("Connected to " + host + ":" + port + ".");
            // No PrintWriter: it swallows errors.
            Writer out = new OutputStreamWriter(server.getOutputStream(), UTF_8);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8));
            Steps.run("send", () -> send(out, "Hello Server!"));
            server.setSoTimeout(INTERVAL_MS);
            String reply = Steps.run("read", () -> read(out, in));
            Steps.run("close", server::close);
            return reply;
        }
    }

    /** Reads a line; whenever nothing comes for a while, it sends a heartbeat. */
    static String read(Writer out, BufferedReader in) throws IOException {
        // No readLine(): what it has of a line is lost when the time is over.
        StringBuilder line = new StringBuilder();
        long lastHeard = System.nanoTime();
        for (; ; ) {
            try {
                int letter = in.read();
                lastHeard = System.nanoTime();
                if (letter == -1) {
                    return null;
                } else if (letter != '\n') {
                    line.append((char) letter);
                } else if (line.toString().equals("Heartbeat")) {
                    line.setLength(0);
                } else {
                    return line.toString();
                }
            } catch (SocketTimeoutException e) {
                if (System.nanoTime() - lastHeard >= PATIENCE_NS) {
                    throw new SocketTimeoutException("no sign of life from the server");
                }
                send(out, "Heartbeat");
            }
        }
    }

    static void send(Writer out, String message) throws IOException {
        out.write(message + "\n");
        out.flush();
    }

    public static void main(String[] args) {
        if (args.length != 2) {
            fail(2, USAGE);
        }
        for (int tries = 1; ; tries++) {
            String failure = NO_REPLY;
            try {
                String reply = ask(args[0], Integer.parseInt(args[1]));
                if (reply != null) {
                    System.out.println("The server said: " + reply);
                    return;
                }
            } catch (IllegalArgumentException e) {
                fail(2, USAGE); // No number, or out of range.
            } catch (IOException e) {
                failure = sentence(e, args[0] + ":" + args[1]);
            }
            if (tries == TRIES) {
                fail(1, failure);
            }
            System.err.println("Trying again: " + failure);
        }
    }

    static String sentence(IOException e, String address) {
        if (e instanceof SocketTimeoutException) {
            return SILENT;
        }
        if (e instanceof SocketException) {
            if (e.getMessage().startsWith("Connection refused")) {
                return REFUSED + address + ".";
            }
            // Java has no class for a reset: a read says "Connection reset", a write "Connection
            // reset by peer", or "Broken pipe" once the connection is known to be gone.
            if (e.getMessage().startsWith("Connection reset")) {
                return RESET;
            }
        }
        return FAILED + e;
    }

    static void fail(int status, String sentence) {
        System.err.println(sentence);
        System.exit(status);
    }
}
