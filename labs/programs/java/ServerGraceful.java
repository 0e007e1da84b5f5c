import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;

/**
 * A server that finishes what it has begun when it is told to end with SIGTERM.
 *
 * <p>Usage: java ServerGraceful PORT
 */
class ServerGraceful {
    static final String USAGE = "Usage: java ServerGraceful PORT";
    static final int LOOK_UP_MS = 50;

    private final ServerSocket listener;
    private final Thread server = Thread.currentThread();
    private final CountDownLatch finished = new CountDownLatch(1);
    private boolean stopping = false;
    private Thread keyboard;

    private Socket client;
    private BufferedReader in;
    private final StringBuilder request = new StringBuilder();

    ServerGraceful(ServerSocket listener) {
        this.listener = listener;
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
    }

    /** Called on SIGTERM, in a thread of its own; when it returns, Java ends. */
    void stop() {
        try {
            server.interrupt();
            listener.close(); // An accept does not heed interrupts.
            finished.await();
        } catch (IOException | InterruptedException e) {
            System.err.println("Connection failed: " + e);
        }
    }

    void serve() throws IOException {
        try {
            while (!stopping) {
                serveNext();
            }
        } catch (InterruptedIOException e) {
            // SIGTERM, and no client is there.
        } finally {
            finished.countDown();
        }
    }

    void serveNext() throws IOException {
        client = run("accept", this::accept);
        client.setSoTimeout(LOOK_UP_MS);
        in = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
        request.setLength(0);
        try {
            answer();
            if (stopping) {
                Steps.run("shutdown", client::shutdownOutput);
                Steps.run("drain", this::drain);
            }
        } catch (SocketException e) {
            // This connection has failed: no reason to let the next client down.
        }
        Steps.run("close", client::close);
        client = null;
    }

    /** Answers each line until the end of file, or until SIGTERM. */
    void answer() throws IOException {
        try {
            while (!stopping) {
                run("work", this::work);
                if (run("read", this::read) == null) {
                    return;
                }
                Steps.run("send", this::send);
            }
        } catch (InterruptedIOException e) {
            // SIGTERM, and no request has come.
        }
    }

    /** Runs a step that waits. SIGTERM interrupts it; it goes on if a request has come. */
    <T> T run(String step, Steps.Operation<T> operation) throws IOException {
        try {
            return Steps.run(step, operation);
        } catch (InterruptedIOException e) {
            stopping = true;
            Steps.run("stop", listener::close);
            if (!hasRequest()) {
                throw e;
            }
            return Steps.run(step, operation);
        }
    }

    boolean hasRequest() throws IOException {
        return client != null && (request.length() > 0 || in.ready());
    }

    Socket accept() throws IOException {
        try {
            return listener.accept();
        } catch (SocketException e) {
            throw Thread.interrupted() ? new InterruptedIOException("SIGTERM") : e;
        }
    }

    /** Waits for Enter, in another thread: waiting for it can be interrupted, reading cannot. */
    String work() throws IOException {
        if (keyboard == null) {
            keyboard = new Thread(ServerGraceful::waitForEnter);
            keyboard.setDaemon(true);
            keyboard.start();
        }
        try {
            keyboard.join();
        } catch (InterruptedException e) {
            throw new InterruptedIOException("SIGTERM");
        }
        keyboard = null;
        return "Enter";
    }

    static void waitForEnter() {
        try {
            int letter;
            do {
                letter = System.in.read();
            } while (letter != '\n' && letter != -1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a line. This cannot be interrupted either, so it looks up now and then. */
    String read() throws IOException {
        for (; ; ) {
            try {
                int letter = in.read();
                if (letter == -1) {
                    return null;
                }
                if (letter == '\n') {
                    String line = request.toString();
                    request.setLength(0);
                    return line;
                }
                request.append((char) letter);
            } catch (SocketTimeoutException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedIOException("SIGTERM");
                }
            }
        }
    }

    void send() throws IOException {
        client.getOutputStream().write("Hello Client!\n".getBytes(UTF_8));
    }

    /** Reads and throws away what still comes: what stays unread would reset the connection. */
    void drain() throws IOException {
        client.setSoTimeout(0);
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    public static void main(String[] args) {
        if (args.length != 1) {
            fail(2, USAGE);
        }
        try {
            int port = Integer.parseInt(args[0]);
            try (ServerSocket listener = Steps.run("listen", () -> new ServerSocket(port))) {
                new ServerGraceful(listener).serve();
            }
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
