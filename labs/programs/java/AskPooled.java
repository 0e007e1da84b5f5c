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

/**
 * A client that asks twice over one connection, as a pool of connections does.
 *
 * <p>Usage: java AskPooled HOST PORT
 */
class AskPooled {
    static final String USAGE = "Usage: java AskPooled HOST PORT";
    static final String REFUSED = "Connection refused: nothing listens on ";
    static final String RESET =
            "Connection reset: the server or something on the way aborted the connection.";
    static final String FAILED = "Connection failed: ";

    /** Prints the first answer; returns the last one, or null if a question got no answer. */
    static String ask(String host, int port) throws IOException {
        BufferedReader keyboard = new BufferedReader(new InputStreamReader(System.in));
        try (Connection server = new Connection(host, port)) {
            String reply = server.ask();
            if (reply != null) {
                System.out.println("The server said: " + reply);
                Steps.run("pause", keyboard::readLine);
                reply = server.ask();
            }
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
        if (args.length != 2) {
            fail(2, USAGE);
        }
        try {
            String reply = ask(args[0], Integer.parseInt(args[1]));
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
