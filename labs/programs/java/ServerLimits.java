import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;

/**
 * A server that knows its limits, and says so where another one would fail.
 *
 * <p>Usage: java ServerLimits PORT reserve|shed
 */
class ServerLimits {
    static final String USAGE = "Usage: java ServerLimits PORT reserve|shed";
    static final long BUDGET = 64 << 20;

    static void serve(int port, String behaviour) throws IOException {
        try (ServerSocket listener = Steps.run("listen", () -> new ServerSocket(port))) {
            if (behaviour.equals("reserve")) {
                reserve(listener);
            } else {
                shed(listener);
            }
        }
    }

    static void reserve(ServerSocket listener) throws IOException {
        // When Java first closes a socket it opens two descriptors, once and for all.
        SocketChannel.open().close();
        FileInputStream spare = Exhaust.open();
        Steps.run("leak", Exhaust::descriptors);
        spare.close(); // Enough to accept a client and tell it.
        try (Socket client = Steps.run("accept", listener::accept)) {
            Steps.run("read", lines(client)::readLine);
            Steps.run("send", () -> sendBusy(client));
            Steps.run("close", client::close);
        }
    }

    static void shed(ServerSocket listener) throws IOException {
        try (Socket client = Steps.run("accept", listener::accept)) {
            Steps.run("read", lines(client)::readLine);
            Steps.run("pause", ServerLimits::waitForEnter);
            // The work would need more: it is given up, and not the server.
            Steps.run("grow", () -> Exhaust.memory(BUDGET));
            Steps.run("send", () -> sendBusy(client));
            Steps.run("close", client::close);
        }
    }

    static BufferedReader lines(Socket client) throws IOException {
        return new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
    }

    static void sendBusy(Socket client) throws IOException {
        client.getOutputStream().write("Busy, try again later.\n".getBytes(UTF_8));
    }

    static void waitForEnter() throws IOException {
        int letter;
        do {
            letter = System.in.read();
        } while (letter != '\n' && letter != -1);
    }

    public static void main(String[] args) {
        if (args.length != 2 || !(args[1].equals("reserve") || args[1].equals("shed"))) {
            fail(2, USAGE);
        }
        try {
            serve(Integer.parseInt(args[0]), args[1]);
        } catch (IllegalArgumentException e) {
            fail(2, USAGE); // No number, or out of range.
        } catch (IOException e) {
            fail(1, "Connection failed: " + e);
        }
    }

    static void fail(int status, String sentence) {
        System.err.println(sentence);
        System.exit(status);
    }
}
