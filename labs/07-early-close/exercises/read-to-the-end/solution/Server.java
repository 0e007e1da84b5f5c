import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A server that says the same to everybody, but listens to what they ask.
 *
 * <p>Usage: java Server PORT
 */
class Server {
    static void serve(SocketChannel client) throws IOException {
        client.write(UTF_8.encode("Hello Client!\n"));
        // Our FIN comes after the reply; then the client closes, and we see its FIN.
        client.shutdownOutput();
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        while (client.read(bytes.clear()) != -1) {}
    }

    public static void main(String[] args) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(Integer.parseInt(args[0])));
            for (; ; ) {
                SocketChannel client = listener.accept();
                try (client) {
                    serve(client);
                } catch (IOException e) {
                    // One client's connection may fail: no reason to let the next one down.
                }
            }
        }
    }
}
