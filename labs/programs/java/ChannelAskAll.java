import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;

/**
 * A client that sends one line and reads lines until the server closes the connection, with a
 * SocketChannel.
 *
 * <p>Usage: java ChannelAskAll HOST PORT
 */
class ChannelAskAll {
    static final String USAGE = "Usage: java ChannelAskAll HOST PORT";
    static final String REFUSED = "Connection refused: nothing listens on ";
    static final String RESET =
            "Connection reset: the server or something on the way aborted the connection.";
    static final String FAILED = "Connection failed: ";

    /** Prints each line that the server answers, and returns how many came. */
    static int ask(String host, int port) throws IOException {
        SocketAddress address = new InetSocketAddress(host, port);
        try (SocketChannel server = Steps.run("connect", () -> SocketChannel.open(address))) {
            System.out.println("Connected to " + host + ":" + port + ".");
            BufferedReader in = new BufferedReader(Channels.newReader(server, UTF_8));
            Steps.run("send", () -> send(server, "Hello Server!"));
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

    static void send(SocketChannel server, String message) throws IOException {
        // In blocking mode it returns when all is written.
        server.write(UTF_8.encode(message + "\n"));
    }

    public static void main(String[] args) {
        if (args.length != 2) {
            fail(2, USAGE);
        }
        try {
            if (ask(args[0], Integer.parseInt(args[1])) == 0) {
                fail(1, "The server closed the connection without a reply.");
            }
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
