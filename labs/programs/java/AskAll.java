import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;

/**
 * A client that sends one line and reads lines until the server closes the connection.
 *
 * <p>Usage: java AskAll HOST PORT
 */
class AskAll {
    static final String USAGE = "Usage: java AskAll HOST PORT";
    static final String REFUSED = "Connection refused: nothing listens on ";
    static final String RESET =
            "Connection reset: the server or something on the way aborted the connection.";
    static final String FAILED = "Connection failed: ";

    /** Prints each line that the server answers, and returns how many came. */
    static int ask(String host, int port) throws IOException {
        try (Socket server = Steps.run("connect", () -> new Socket(host, port))) {
            System.out.println("Connected to " + host + ":" + port + ".");
            // No PrintWriter: it swallows errors.
            Writer out = new OutputStreamWriter(server.getOutputStream(), UTF_8);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8));
            Steps.run("send", () -> send(out, "Hello Server!"));
            int replies = 0;
            String reply;
            while ((reply = Steps.run("read", in::readLine)) != null) {
                System.out.println("The server said: " + reply);
                replies++;
            }
            Steps.run("close", server::close);
            return replies;
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
        try {
            if (ask(args[0], Integer.parseInt(args[1])) == 0) {
                fail(1, "The server closed the connection without a reply.");
            }
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
