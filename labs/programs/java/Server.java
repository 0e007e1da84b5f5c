import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/**
 * A server that accepts one connection and then behaves as it is told.
 *
 * <p>Usage: java Server PORT reply|close|abort|never-read|never-reply
 */
class Server {
    static final List<String> BEHAVIOURS =
            List.of("reply", "close", "abort", "never-read", "never-reply");

    static void serve(int port, String behaviour) throws IOException {
        try (ServerSocket listener = Steps.run("listen", () -> new ServerSocket(port));
                Socket client = Steps.run("accept", listener::accept)) {
            if (!behaviour.equals("never-read")) {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
                Steps.run("read", in::readLine);
            }
            switch (behaviour) {
                case "reply" -> Steps.run("send", () -> send(client, "Hello Client!"));
                case "never-read", "never-reply" -> Steps.run("wait", Server::waitForEndOfInput);
                default -> {} // Closing or aborting is all that is left to do.
            }
            if (behaviour.equals("abort")) {
                Steps.run("abort", () -> abort(client));
            } else {
                Steps.run("close", client::close);
            }
        }
    }

    static void send(Socket client, String message) throws IOException {
        client.getOutputStream().write((message + "\n").getBytes(UTF_8));
    }

    /** Lingering for 0 seconds makes close() throw the connection away: a reset. */
    static void abort(Socket client) throws IOException {
        client.setSoLinger(true, 0);
        client.close();
    }

    static void waitForEndOfInput() throws IOException {
        System.in.transferTo(OutputStream.nullOutputStream());
    }

    public static void main(String[] args) {
        String usage = "Usage: java Server PORT " + String.join("|", BEHAVIOURS);
        if (args.length != 2) {
            fail(2, usage);
        }
        try {
            int port = Integer.parseInt(args[0]);
            if (!BEHAVIOURS.contains(args[1])) {
                fail(127, "Unknown behaviour: " + args[1]);
            }
            serve(port, args[1]);
        } catch (IllegalArgumentException e) {
            fail(2, usage); // No number, or out of range.
        } catch (IOException e) {
            fail(1, "Connection failed: " + e);
        }
    }

    static void fail(int status, String sentence) {
        System.err.println(sentence);
        System.exit(status);
    }
}
