import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/**
 * A server that answers the first line of a client, and closes.
 *
 * <p>Usage: java Server PORT
 */
class Server {
    static void serve(Socket client) throws IOException {
        lines(client).readLine();
        client.getOutputStream().write("Hello Client!\n".getBytes(UTF_8));
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
