import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/**
 * A server whose work takes as much memory as it may; it begins when you press Enter.
 *
 * <p>Usage: java Server PORT
 */
class Server {
    static final BufferedReader KEYBOARD =
            new BufferedReader(new InputStreamReader(System.in));
    static final long BUDGET = 64 << 20;

    static void serve(Socket client) throws IOException {
        lines(client).readLine();
        KEYBOARD.readLine();
        // The work would need more: it is given up, not the server.
        Exhaust.memory(BUDGET);
        client.getOutputStream().write("Busy, try again later.\n".getBytes(UTF_8));
    }

    static BufferedReader lines(Socket client) throws IOException {
        return new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
    }

    public static void main(String[] args) throws IOException {
        try (ServerSocket listener = new ServerSocket(Integer.parseInt(args[0]))) {
            for (; ; ) {
                Socket client = listener.accept();
                try (client) {
                    serve(client);
                } catch (SocketException e) {
                    // One client's connection may fail: no reason to let the next one down.
                }
            }
        }
    }
}
