import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A server that accepts one connection and then behaves as it is told.
 *
 * <p>Usage: java Server PORT BEHAVIOUR
 */
class Server {
    static final String BEHAVIOURS =
            "reply|close|abort|never-read|never-reply|late-reply|early-reply|slow-reply|serve|leak"
                    + "|accept-leak|grow|read-grow|tls";
    static final List<String> WITHOUT_READING = List.of("never-read", "early-reply", "grow", "tls");
    static final String REPLY = "Hello Client!";
    static final String HEARTBEAT = "Heartbeat";
    static final int HEARTBEATS = 8;

    static void serve(int port, String behaviour) throws IOException {
        try (ServerSocket listener = Steps.run("listen", () -> new ServerSocket(port))) {
            switch (behaviour) {
                case "serve" -> serveAll(listener);
                case "leak" -> leakAndAccept(listener);
                default -> {
                    try (Socket client = Steps.run("accept", listener::accept)) {
                        behave(client, behaviour);
                    }
                }
            }
        }
    }

    static void behave(Socket client, String behaviour) throws IOException {
        BufferedReader in = lines(client);
        if (!WITHOUT_READING.contains(behaviour)) {
            Steps.run("read", in::readLine);
        }
        switch (behaviour) {
            case "reply" -> Steps.run("send", () -> send(client, REPLY));
            case "never-read", "never-reply" -> Steps.run("wait", Server::waitForEndOfInput);
            case "late-reply" -> {
                Steps.run("wait", Server::waitForEndOfInput);
                Steps.run("send", () -> send(client, REPLY));
            }
            case "early-reply" -> {
                Steps.run("send", () -> send(client, REPLY));
                Steps.run("wait", Server::waitForEndOfInput);
            }
            case "slow-reply" -> {
                if (Steps.run("read", () -> answerHeartbeats(client, in)) != null) {
                    Steps.run("send", () -> send(client, REPLY));
                    Steps.run("read", () -> readToTheEnd(in));
                }
            }
            case "accept-leak" -> {
                Steps.run("leak", Exhaust::descriptors);
                Steps.run("wait", Server::waitForEndOfInput);
                System.exit(0); // Nothing is closed here: the system does that.
            }
            case "grow", "read-grow" -> {
                Steps.run("pause", Server::waitForEnter);
                Steps.run("grow", () -> Exhaust.memory(Long.MAX_VALUE));
            }
            case "tls" -> shakeHands(client);
            default -> {} // Closing or aborting is all that is left to do.
        }
        if (behaviour.equals("abort")) {
            Steps.run("abort", () -> abort(client));
        } else {
            Steps.run("close", client::close);
        }
    }

    static void serveAll(ServerSocket listener) throws IOException {
        for (; ; ) {
            try (Socket client = Steps.run("accept", listener::accept)) {
                BufferedReader in = lines(client);
                try {
                    while (Steps.run("read", in::readLine) != null) {
                        Steps.run("send", () -> send(client, REPLY));
                    }
                } catch (SocketException e) {
                    // One client's connection has failed: no reason to let the others down.
                }
                Steps.run("close", client::close);
            }
        }
    }

    static void leakAndAccept(ServerSocket listener) throws IOException {
        Steps.run("leak", Exhaust::descriptors);
        try {
            Steps.run("accept", listener::accept);
        } catch (IOException e) {
            // No descriptor for the client: it stays in the queue of the listener.
        }
        Steps.run("wait", Server::waitForEndOfInput);
        System.exit(0); // Nothing is closed here: the system does that.
    }

    /** Returns the last heartbeat, or null at the end of file. */
    static String answerHeartbeats(Socket client, BufferedReader in) throws IOException {
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

    /** Has no certificate; a client that speaks no TLS does not get as far as to miss it. */
    static void shakeHands(Socket client) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            SSLSocketFactory tls = context.getSocketFactory();
            SSLSocket secured = (SSLSocket) tls.createSocket(client, null, true);
            Steps.run("handshake", secured::startHandshake);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        } catch (SSLException | SocketException e) {
            // To close is all that is left to do.
        }
    }

    static BufferedReader lines(Socket client) throws IOException {
        return new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
    }

    static void send(Socket client, String message) throws IOException {
        client.getOutputStream().write((message + "\n").getBytes(UTF_8));
    }

    /** Lingering for 0 seconds makes close() throw the connection away: a reset. */
    static void abort(Socket client) throws IOException {
        client.setSoLinger(true, 0);
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
        String usage = "Usage: java Server PORT " + BEHAVIOURS;
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
