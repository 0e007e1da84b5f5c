import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A client that sends one line and reads one line, over TLS.
 *
 * <p>Usage: java AskTls HOST PORT
 */
class AskTls {
    static final String USAGE = "Usage: java AskTls HOST PORT";
    static final String REFUSED = "Connection refused: nothing listens on ";
    static final String RESET =
            "Connection reset: the server or something on the way aborted the connection.";
    static final String HANDSHAKE = "TLS handshake failed: ";
    static final String FAILED = "Connection failed: ";

    /** Returns the line that the server answered, or null if it gave no answer. */
    static String ask(String host, int port) throws IOException, GeneralSecurityException {
        SSLSocketFactory tls = trustingFactory();
        try (Socket plain = Steps.run("connect", () -> new Socket(host, port));
                SSLSocket server = (SSLSocket) tls.createSocket(plain, host, port, true)) {
            System.out.println("Connected to " + host + ":" + port + ".");
            try {
                Steps.run("handshake", server::startHandshake);
            } catch (IOException e) {
                if (!e.getMessage().startsWith("Connection reset")) {
                    fail(1, HANDSHAKE + e.getMessage());
                }
                throw e;
            }
            // No PrintWriter: it swallows errors.
            Writer out = new OutputStreamWriter(server.getOutputStream(), UTF_8);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8));
            Steps.run("send", () -> send(out, "Hello Server!"));
            String reply = Steps.run("read", in::readLine);
            Steps.run("close", server::close);
            return reply;
        }
    }

    /** Makes sockets that take any certificate: whose it is does not matter here. */
    static SSLSocketFactory trustingFactory() throws GeneralSecurityException {
        X509TrustManager anybody =
                new X509TrustManager() {
                    @Override
                    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

                    @Override
                    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

                    @Override
                    public X509Certificate[] getAcceptedIssuers() {
                        return new X509Certificate[0];
                    }
                };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {anybody}, null);
        return context.getSocketFactory();
    }

    static void send(Writer out, String message) throws IOException {
        out.write(message + "\n");
        out.flush();
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
        } catch (IllegalArgumentException e) {
            fail(2, USAGE); // No number, or out of range.
        } catch (ConnectException e) {
            // Refused or timed out: only the message tells.
            boolean refused = e.getMessage().startsWith("Connection refused");
            fail(1, refused ? REFUSED + args[0] + ":" + args[1] + "." : FAILED + e);
        } catch (SocketException e) {
            // Java has no class for a reset: a read says "Connection reset", a write "Connection
            // reset by peer", or "Broken pipe" once the connection is known to be gone.
            fail(1, e.getMessage().startsWith("Connection reset") ? RESET : FAILED + e);
        } catch (IOException | GeneralSecurityException e) {
            fail(1, FAILED + e);
        }
    }

    static void fail(int status, String sentence) {
        System.err.println(sentence);
        System.exit(status);
    }
}
