package dev.wavetank.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;

/** A client that upgrades a plain socket to SPDY/3.1. */
final class SpdyClient implements AutoCloseable {

  private final Socket socket;
  private final EmbeddedChannel codec =
      new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  private final Map<Integer, StringBuilder> said = new LinkedHashMap<>();
  private final Set<Integer> ended = new LinkedHashSet<>();
  private int last = -1;

  SpdyClient(ServedPods pods, String target, String protocol) throws IOException {
    int port = URI.create(pods.server.url()).getPort();
    SSLContext tls = pods.sslContext();
    SocketFactory factory = tls == null ? SocketFactory.getDefault() : tls.getSocketFactory();
    socket = factory.createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000);
    String request =
        "POST /api/v1/namespaces/default/pods/"
            + target
            + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
            + "X-Stream-Protocol-Version: "
            + protocol
            + "\r\nContent-Length: 0\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) socket.getInputStream().read());
    }
    if (!head.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException(head.toString());
    }
  }

  /** Opens a stream with headers, names and values by turns; its number. */
  int open(String... headers) throws IOException {
    last += 2;
    DefaultSpdySynStreamFrame frame = new DefaultSpdySynStreamFrame(last, 0, (byte) 0);
    for (int i = 0; i < headers.length; i += 2) {
      frame.headers().set(headers[i], headers[i + 1]);
    }
    write(frame);
    return last;
  }

  void send(int stream, String text, boolean end) throws IOException {
    DefaultSpdyDataFrame frame =
        new DefaultSpdyDataFrame(stream, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    frame.setLast(end);
    write(frame);
  }

  private void write(Object frame) throws IOException {
    codec.writeOutbound(frame);
    for (ByteBuf out = codec.readOutbound(); out != null; out = codec.readOutbound()) {
      byte[] bytes = new byte[out.readableBytes()];
      out.readBytes(bytes);
      out.release();
      socket.getOutputStream().write(bytes);
    }
    socket.getOutputStream().flush();
  }

  /** Reads until a stream has ended, or has said that. */
  String await(int stream, String text) throws IOException {
    byte[] piece = new byte[8192];
    while (!ended.contains(stream) && (text.isEmpty() || !said(stream).contains(text))) {
      int count = socket.getInputStream().read(piece);
      if (count < 0) {
        break;
      }
      codec.writeInbound(Unpooled.copiedBuffer(piece, 0, count));
      for (Object in = codec.readInbound(); in != null; in = codec.readInbound()) {
        if (in instanceof SpdyDataFrame data) {
          said.computeIfAbsent(data.streamId(), s -> new StringBuilder())
              .append(data.content().toString(StandardCharsets.UTF_8));
          if (data.isLast()) {
            ended.add(data.streamId());
          }
          data.release();
        }
      }
    }
    return said(stream);
  }

  private String said(int stream) {
    return said.getOrDefault(stream, new StringBuilder()).toString();
  }

  /** Whether the server ends the whole connection. */
  boolean over() throws IOException {
    byte[] piece = new byte[8192];
    int count = 0;
    while (count >= 0) {
      count = socket.getInputStream().read(piece);
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    codec.finishAndReleaseAll();
    socket.close();
  }
}
