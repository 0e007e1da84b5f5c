import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;

/**
 * A client that asks twice over one connection, as a pool of connections does, with a
 * SocketChannel.
 *
 * <p>Usage: java ChannelAskPooled HOST PORT
 */
class ChannelAskPooled {
    static final String USAGE = "Usage: java ChannelAskPooled HOST PORT";
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
        final SocketChannel server;
        final BufferedReader in;

        Connection(String host, int port) throws IOException {
            SocketAddress address = new InetSocketAddress(host, port);
            server = Steps.run("connect", () -> SocketChannel.open(address));
            System.out.println("Connected to " + host + ":" + port + ".");
            in = new BufferedReader(Channels.newReader(server, UTF_8));
        }

        String ask() throws IOException {
            Steps.run("send", () -> send(server, "Hello Server!"));
            return Steps.run("read", in::readLine);
        }

        @Override
        public void close() throws IOException {
            server.close();
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
            String reply = ask(args[0], Integer.parseInt(args[1]));
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
