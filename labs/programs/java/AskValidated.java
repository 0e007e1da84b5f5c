import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/**
 * A client that asks twice, over one connection if that is still good after the pause.
 *
 * <p>Usage: java AskValidated HOST PORT [MAX_IDLE_MS]
 */
class AskValidated {
    static final String USAGE = "Usage: java AskValidated HOST PORT [MAX_IDLE_MS]";
    static final String REFUSED = "Connection refused: nothing listens on ";
    static final String RESET =
            "Connection reset: the server or something on the way aborted the connection.";
    static final String FAILED = "Connection failed: ";

    /** Prints the first answer; returns the last one, or null if a question got no answer. */
    static String ask(String host, int port, long maxIdleMs) throws IOException {
        BufferedReader keyboard = new BufferedReader(new InputStreamReader(System.in));
        try (Connection server = new Connection(host, port)) {
            String reply = server.ask();
            if (reply != null) {
                System.out.println("The server said: " + reply);
                long idleSince = System.nanoTime();
                Steps.run("pause", keyboard::readLine);
                long idle = System.nanoTime() - idleSince;
                if (idle > TimeUnit.MILLISECONDS.toNanos(maxIdleMs) || !server.isGood()) {
                    Steps.run("close", server::close);
                    return askAnew(host, port);
                }
                reply = server.ask();
            }
            Steps.run("close", server::close);
            return reply;
        }
    }

    static String askAnew(String host, int port) throws IOException {
        try (Connection server = new Connection(host, port)) {
            String reply = server.ask();
            Steps.run("close", server::close);
            return reply;
        }
    }

    /** A connection that can be kept for the next question. */
    static class Connection implements Closeable {
        final Socket server;
        final Writer out;
        final BufferedReader in;

        Connection(String host, int port) throws IOException {
            server = Steps.run("connect", () -> new Socket(host, port));
            System.out.println("Connected to " + host + ":" + port + ".");
            // No PrintWriter: it swallows errors.
            out = new OutputStreamWriter(server.getOutputStream(), UTF_8);
            in = new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8));
        }

        String ask() throws IOException {
            Steps.run("send", () -> send(out, "Hello Server!"));
            return Steps.run("read", in::readLine);
        }

        boolean isGood() {
            try {
                return Steps.run("validate", this::ifSilent) != null;
            } catch (IOException e) {
                return false; // Reset, say.
            }
        }

        /** Returns itself, or null if the end of file, or anything else, has come unasked. */
        Connection ifSilent() throws IOException {
            server.setSoTimeout(1); // The least that there is: 0 would be no limit.
            try {
                in.read();
                return null;
            } catch (SocketTimeoutException e) {
                return this;
            } finally {
                server.setSoTimeout(0);
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    static void send(Writer out, String message) throws IOException {
        out.write(message + "\n");
        out.flush();
    }

    public static void main(String[] args) {
        if (args.length != 2 && args.length != 3) {
            fail(2, USAGE);
        }
        try {
            long maxIdleMs = args.length > 2 ? Long.parseLong(args[2]) : Long.MAX_VALUE;
            String reply = ask(args[0], Integer.parseInt(args[1]), maxIdleMs);
            if (reply == null) {
                fail(1, "The server closed the connection without a reply.");
            }
            System.out.println("The server said: " + reply);
        } catch (IllegalArgumentException e) {
            fail(2, USAGE); // No number, or out of range.
        } catch (ConnectException e) {
            // Refused or timed out: only the message tells.
            boolean refused = e.getMessage().startsWith("Connection refused");
            fail(1, refused ? REFUSED + args[0] + ":" + args[1] + "." : FAILED + e);
        } catch (SocketException e) {
            // Java has no class for a reset: a read says "Connection reset", a write "Connection
            // reset by peer", or "Broken pipe" once the connection is known to be gone.
            fail(1, e.getMessage().startsWith("Connection reset") ? RESET : FAILED + e);
        } catch (IOException e) {
            fail(1, FAILED + e);
        }
    }

    static void fail(int status, String sentence) {
        System.err.println(sentence);
        System.exit(status);
    }
}
