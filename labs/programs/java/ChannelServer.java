import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * A server that accepts one connection and then behaves as it is told, with a SocketChannel.
 *
 * <p>Usage: java ChannelServer PORT BEHAVIOUR
 */
class ChannelServer {
    static final String BEHAVIOURS =
            "reply|close|abort|never-read|never-reply|late-reply|early-reply|slow-reply|serve|leak"
                    + "|accept-leak|grow|read-grow";
    static final List<String> WITHOUT_READING = List.of("never-read", "early-reply", "grow");
    static final String REPLY = "Hello Client!";
    static final String HEARTBEAT = "Heartbeat";
    static final int HEARTBEATS = 8;

    static void serve(int port, String behaviour) throws IOException {
        try (ServerSocketChannel listener = Steps.run("listen", () -> listen(port))) {
            switch (behaviour) {
                case "serve" -> serveAll(listener);
                case "leak" -> leakAndAccept(listener);
                default -> {
                    try (SocketChannel client = Steps.run("accept", listener::accept)) {
                        behave(client, behaviour);
                    }
                }
            }
        }
    }

    static ServerSocketChannel listen(int port) throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(port));
    }

    static void behave(SocketChannel client, String behaviour) throws IOException {
        BufferedReader in = lines(client);
        if (!WITHOUT_READING.contains(behaviour)) {
            Steps.run("read", in::readLine);
        }
        switch (behaviour) {
            case "reply" -> Steps.run("send", () -> send(client, REPLY));
            case "never-read", "never-reply" -> Steps.run("wait", ChannelServer::waitForEndOfInput);
            case "late-reply" -> {
                Steps.run("wait", ChannelServer::waitForEndOfInput);
                Steps.run("send", () -> send(client, REPLY));
            }
            case "early-reply" -> {
                Steps.run("send", () -> send(client, REPLY));
                Steps.run("wait", ChannelServer::waitForEndOfInput);
            }
            case "slow-reply" -> {
                if (Steps.run("read", () -> answerHeartbeats(client, in)) != null) {
                    Steps.run("send", () -> send(client, REPLY));
                    Steps.run("read", () -> readToTheEnd(in));
                }
            }
            case "accept-leak" -> {
                Steps.run("leak", Exhaust::descriptors);
                Steps.run("wait", ChannelServer::waitForEndOfInput);
                System.exit(0); // Nothing is closed here: the system does that.
            }
            case "grow", "read-grow" -> {
                Steps.run("pause", ChannelServer::waitForEnter);
                Steps.run("grow", () -> Exhaust.memory(Long.MAX_VALUE));
            }
            default -> {} // Closing or aborting is all that is left to do.
        }
        if (behaviour.equals("abort")) {
            Steps.run("abort", () -> abort(client));
        } else {
            Steps.run("close", client::close);
        }
    }

    static void serveAll(ServerSocketChannel listener) throws IOException {
        for (; ; ) {
            try (SocketChannel client = Steps.run("accept", listener::accept)) {
                BufferedReader in = lines(client);
                try {
                    while (Steps.run("read", in::readLine) != null) {
                        Steps.run("send", () -> send(client, REPLY));
                    }
                } catch (IOException e) {
                    // One client's connection has failed: no reason to let the others down.
                }
                Steps.run("close", client::close);
            }
        }
    }

    static void leakAndAccept(ServerSocketChannel listener) throws IOException {
        Steps.run("leak", Exhaust::descriptors);
        try {
            Steps.run("accept", listener::accept);
        } catch (IOException e) {
            // No descriptor for the client: it stays in the queue of the listener.
        }
        Steps.run("wait", ChannelServer::waitForEndOfInput);
        System.exit(0); // Nothing is closed here: the system does that.
    }

    /** Returns the last heartbeat, or null at the end of file. */
    static String answerHeartbeats(SocketChannel client, BufferedReader in) throws IOException {
        String line = null;
        for (int answered = 0; answered < HEARTBEATS; answered++) {
            do {
                line = in.readLine();
            } while (line != null && !line.equals(HEARTBEAT));
            if (line == null) {
                return null;
            }
            send(client, HEARTBEAT);
        }
        return line;
    }

    /** Returns null, as each read does at the end of file. */
    static String readToTheEnd(BufferedReader in) throws IOException {
        while (in.readLine() != null) {}
        return null;
    }

    static BufferedReader lines(SocketChannel client) {
        return new BufferedReader(Channels.newReader(client, UTF_8));
    }

    static void send(SocketChannel client, String message) throws IOException {
        // In blocking mode it returns when all is written.
        client.write(UTF_8.encode(message + "\n"));
    }

    /** Lingering for 0 seconds makes close() throw the connection away: a reset. */
    static void abort(SocketChannel client) throws IOException {
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        client.close();
    }

    static void waitForEnter() throws IOException {
        int letter;
        do {
            letter = System.in.read();
        } while (letter != '\n' && letter != -1);
    }

    static void waitForEndOfInput() throws IOException {
        System.in.transferTo(OutputStream.nullOutputStream());
    }

    public static void main(String[] args) {
        String usage = "Usage: java ChannelServer PORT " + BEHAVIOURS;
        if (args.length != 2) {
            fail(2, usage);
        }
        try {
            int port = Integer.parseInt(args[0]);
            if (!List.of(BEHAVIOURS.split("\\|")).contains(args[1])) {
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
