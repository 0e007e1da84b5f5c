import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A client that sends one line and reads one line, and tries again when that has failed.
 *
 * <p>Usage: java AskRetry HOST PORT [MESSAGE]
 */
class AskRetry {
    static final String USAGE = "Usage: java AskRetry HOST PORT [MESSAGE]";
    static final String REFUSED = "Connection refused: nothing listens on ";
    static final String RESET =
            "Connection reset: the server or something on the way aborted the connection.";
    static final String FAILED = "Connection failed: ";
    static final String NO_REPLY = "The server closed the connection without a reply.";
    static final int TRIES = 4;

    /** Returns the line that the server answered, or null if it gave no answer. */
    static String ask(String host, int port, String message) throws IOException {
        try (Socket server = Steps.run("connect", () -> new Socket(host, port))) {
            // After how much silence the system probes is its own to say: net.ipv4.tcp_keepalive_*.
            server.setKeepAlive(true);
            System.out.println("Connected to " + host + ":" + port + ".");
            // No PrintWriter: it swallows errors.
            Writer out = new OutputStreamWriter(server.getOutputStream(), UTF_8);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8));
            Steps.run("send", () -> send(out, message));
            String reply = Steps.run("read", in::readLine);
            Steps.run("close", server::close);
            return reply;
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
        String message = args.length > 2 ? args[2] : "Hello Server!";
        long longestWait = 100;
        try {
            for (int tries = 1; ; tries++) {
                String failure = NO_REPLY;
                try {
                    String reply = ask(args[0], Integer.parseInt(args[1]), message);
                    if (reply != null) {
                        System.out.println("The server said: " + reply);
                        return;
                    }
                } catch (SocketException e) {
                    failure = sentence(e, args[0] + ":" + args[1]);
                }
                if (!mayBeRepeated(message)) {
                    System.err.println(failure);
                    fail(1, "Not repeated: the server may have done it already.");
                }
                if (tries == TRIES) {
                    fail(1, failure);
                }
                System.err.println("Trying again: " + failure);
                backOff(longestWait);
                longestWait *= 2;
            }
        } catch (IllegalArgumentException e) {
            fail(2, USAGE); // No number, or out of range.
        } catch (IOException e) {
            fail(1, FAILED + e);
        }
    }

    /** Without a reply nobody knows whether the server has done it; paying twice does harm. */
    static boolean mayBeRepeated(String message) {
        return !message.startsWith("Pay");
    }

    /** Waits a random time: clients that failed together must not come back together. */
    static void backOff(long longestWait) throws IOException {
        long wait = ThreadLocalRandom.current().nextLong(longestWait + 1);
        Steps.run("backoff", () -> sleep(wait));
    }

    static void sleep(long milliseconds) throws IOException {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new InterruptedIOException(e.getMessage());
        }
    }

    static String sentence(SocketException e, String address) {
        if (e.getMessage().startsWith("Connection refused")) {
            return REFUSED + address + ".";
        }
        // Java has no class for a reset: a read says "Connection reset", a write "Connection
        // reset by peer", or "Broken pipe" once the connection is known to be gone.
        return e.getMessage().startsWith("Connection reset") ? RESET : FAILED + e;
    }

    static void fail(int status, String sentence) {
        System.err.println(sentence);
        System.exit(status);
    }
}
