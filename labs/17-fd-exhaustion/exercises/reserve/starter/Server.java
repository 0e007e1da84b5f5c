import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;

/**
 * A server that has lost all its file descriptors by the time you press Enter.
 *
 * <p>Usage: java Server PORT
 */
class Server {
    static final BufferedReader KEYBOARD =
            new BufferedReader(new InputStreamReader(System.in));

    static void serve(Socket client) throws IOException {
        lines(client).readLine();
        client.getOutputStream().write("Hello Client!\n".getBytes(UTF_8));
    }

    static BufferedReader lines(Socket client) throws IOException {
        return new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
    }

    public static void main(String[] args) throws IOException {
        // Java opens descriptors of its own when it first closes a socket: let it have them.
        SocketChannel.open().close();
        try (ServerSocket listener = new ServerSocket(Integer.parseInt(args[0]))) {
            KEYBOARD.readLine();
            // It stands for a leak somewhere in a large program: leave it as it is.
            Exhaust.descriptors();
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
