import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;

/**
 * A client that sends a line, waits for Enter, sends the next one, and then reads one line, with a
 * SocketChannel.
 *
 * <p>Usage: java ChannelAskTwice HOST PORT [MESSAGE ...]
 */
class ChannelAskTwice {
    static final String USAGE = "Usage: java ChannelAskTwice HOST PORT [MESSAGE ...]";
    static final String REFUSED = "Connection refused: nothing listens on ";
    static final String RESET =
            "Connection reset: the server or something on the way aborted the connection.";
    static final String FAILED = "Connection failed: ";

    /** Returns the line that the server answered, or null if it gave no answer. */
    static String ask(String host, int port, List<String> messages) throws IOException {
        BufferedReader keyboard = new BufferedReader(new InputStreamReader(System.in));
        SocketAddress address = new InetSocketAddress(host, port);
        try (SocketChannel server = Steps.run("connect", () -> SocketChannel.open(address))) {
            System.out.println("Connected to " + host + ":" + port + ".");
            BufferedReader in = new BufferedReader(Channels.newReader(server, UTF_8));
            try {
                Steps.run("send", () -> send(server, messages.get(0)));
                for (String message : messages.subList(1, messages.size())) {
                    Steps.run("pause", keyboard::readLine);
                    Steps.run("send", () -> send(server, message));
                }
            } catch (IOException e) {
                if (!e.getMessage().equals("Broken pipe")) {
                    throw e;
                }
                // Nothing can be sent any more, but an answer may have come before.
                System.err.println("Broken pipe: the server has closed the connection.");
            }
            String reply = Steps.run("read", in::readLine);
            Steps.run("close", server::close);
            return reply;
        }
    }

    static void send(SocketChannel server, String message) throws IOException {
        // In blocking mode it returns when all is written.
        server.write(UTF_8.encode(message + "\n"));
    }

    public static void main(String[] args) {
        if (args.length < 2) {
            fail(2, USAGE);
        }
        List<String> messages = List.of("Hello Server!", "Are you still there?");
        if (args.length > 2) {
            messages = List.of(args).subList(2, args.length);
        }
        try {
            String reply = ask(args[0], Integer.parseInt(args[1]), messages);
            if (reply == null) {
                fail(1, "The server closed the connection without a reply.");
            }
            System.out.println("The server said: " + reply);
        } catch (UnresolvedAddressException e) {
            fail(1, FAILED + e); // A name without an address, and no IOException.
        } catch (IllegalArgumentException e) {
            fail(2, USAGE); // No number, or out of range.
        } catch (ConnectException e) {
            // Refused or timed out: only the message tells.
            boolean refused = e.getMessage().startsWith("Connection refused");
            fail(1, refused ? REFUSED + args[0] + ":" + args[1] + "." : FAILED + e);
        } catch (IOException e) {
            // Only the read of a reset connection throws a SocketException; what a write throws is
            // no more than an IOException.
            fail(1, e.getMessage().startsWith("Connection reset") ? RESET : FAILED + e);
        }
    }

    static void fail(int status, String sentence) {
        System.err.println(sentence);
        System.exit(status);
    }
}
