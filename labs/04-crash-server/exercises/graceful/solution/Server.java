import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/**
 * A server that is busy: it looks at a request when you press Enter.
 *
 * <p>On SIGTERM it accepts nobody any more, finishes what it has begun, and ends.
 *
 * <p>Usage: java Server PORT
 */
class Server {
    static final BufferedReader KEYBOARD =
            new BufferedReader(new InputStreamReader(System.in));

    static void serve(Socket client) throws IOException {
        KEYBOARD.readLine();
        lines(client).readLine();
        client.getOutputStream().write("Hello Client!\n".getBytes(UTF_8));
    }

    static BufferedReader lines(Socket client) throws IOException {
        return new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
    }

    /** Called on SIGTERM, in a thread of its own; when it returns, Java ends. */
    static void stop(ServerSocket listener, Thread server) {
        try {
            listener.close();
            server.join();
        } catch (IOException | InterruptedException e) {
            System.err.println("It could not end in good order: " + e);
        }
    }

    public static void main(String[] args) throws IOException {
        ServerSocket listener = new ServerSocket(Integer.parseInt(args[0]));
        Thread server = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(listener, server)));
        try {
            for (; ; ) {
                Socket client = listener.accept();
                try (client) {
                    serve(client);
                } catch (SocketException e) {
                    // One client's connection may fail: no reason to let the next one down.
                }
            }
        } catch (SocketException e) {
            // What it has begun goes on, but accept() fails when nobody listens any more.
            if (!listener.isClosed()) {
                throw e;
            }
        }
    }
}
