package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.gateway.call.Call;
import io.millrace.gateway.call.Reply;
import io.millrace.gateway.settings.Bounds;
import io.millrace.gateway.settings.PlainText;
import io.millrace.testkit.Awaits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A door with narrow bounds, before a desk that answers when this test says so. */
class BoundsTest {

  private static final int LARGEST = 1000;
  private static final String NO_BODY = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
  private static final Bounds NARROW = new Bounds(LARGEST, 1500, 3, 10);

  private final BlockingQueue<CompletableFuture<Reply>> calls = new LinkedBlockingQueue<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private FrontDoor door;

  @BeforeEach
  void open() {
    door =
        new FrontDoor(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            NARROW,
            PlainText.ALLOW,
            CompletableFuture::new,
            this::answer);
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void holdsNoMoreBodiesThanItsBudget() throws Exception {
    CompletableFuture<HttpResponse<Void>> first = post(1000);
    CompletableFuture<Reply> underWay = nextCall();

    assertThat(post(1000).get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
    CompletableFuture<HttpResponse<Void>> small = post(400);
    nextCall().complete(reply());
    assertThat(small.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);

    underWay.complete(reply());
    assertThat(first.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    CompletableFuture<HttpResponse<Void>> later = post(1000);
    nextCall().complete(reply());
    assertThat(later.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  /** The budget is that of one page. */
  @Test
  void makesOnlySoManyPagesAtOnce() throws Exception {
    CompletableFuture<HttpResponse<Void>> first = read();
    CompletableFuture<Reply> underWay = nextCall();
    CompletableFuture<HttpResponse<Void>> second = read();
    CompletableFuture<HttpResponse<Void>> put = post(10);
    nextCall().complete(new Reply.Whole(201, Map.of(), new byte[0]));
    assertThat(put.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(201);
    assertThat(calls).isEmpty();

    underWay.complete(reply());
    assertThat(first.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    nextCall().complete(reply());
    assertThat(second.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void writesNoPageThatThereIsNoRoomFor() throws Exception {
    CompletableFuture<HttpResponse<Void>> put = post(1000);
    CompletableFuture<Reply> underWay = nextCall();
    CompletableFuture<HttpResponse<Void>> page = read();
    nextCall().complete(new Reply.Whole(200, Map.of(), new byte[501]));
    assertThat(page.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(503);

    underWay.complete(reply());
    assertThat(put.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    page = read();
    nextCall().complete(new Reply.Whole(200, Map.of(), new byte[501]));
    assertThat(page.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  private CompletableFuture<HttpResponse<Void>> read() {
    return http.sendAsync(
        HttpRequest.newBuilder(endpoint())
            .header("X-Amz-Target", "Kinesis_20131202.GetRecords")
            .POST(BodyPublishers.noBody())
            .build(),
        BodyHandlers.discarding());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void givesBackTheBudgetOfClientsThatGo(boolean isReset) throws Exception {
    for (int i = 0; i < 10; i++) {
      try (Socket socket = connect()) {
        socket.setSoLinger(isReset, 0);
        send(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n" + "x".repeat(800));
      }
    }
    Awaits.await(
        "room for a body",
        () -> {
          CompletableFuture<HttpResponse<Void>> response = post(1000);
          CompletableFuture<Reply> call = calls.poll(1, TimeUnit.SECONDS);
          if (call != null) {
            call.complete(reply());
          }
          return response.get(30, TimeUnit.SECONDS).statusCode() == 200;
        });
  }

  @Test
  void readsNoSecondRequestBeforeTheFirstIsAnswered() throws Exception {
    String request = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
    try (Socket socket = connect()) {
      send(socket, request + request);
      CompletableFuture<Reply> first = nextCall();
      try (Socket other = connect()) {
        send(other, request);
        nextCall().complete(reply());
        assertThat(other.getInputStream().read()).isEqualTo('H');
      }
      assertThat(calls).isEmpty();
      first.complete(reply());
      nextCall().complete(reply());
    }
  }

  @Test
  void takesOnlySoManyConnections() throws Exception {
    try (Socket one = connect();
        Socket two = connect()) {
      try (Socket three = connect()) {
        for (Socket each : List.of(one, two, three)) {
          send(each, NO_BODY);
          nextCall().complete(reply());
          assertThat(each.getInputStream().read()).isEqualTo('H');
        }
        try (Socket tooMany = connect()) {
          assertThat(tooMany.getInputStream().read()).isEqualTo(-1);
        }
      }
      Awaits.await("the place of one that went", this::isTaken);
    }
  }

  private boolean isTaken() throws IOException, InterruptedException {
    try (Socket next = connect()) {
      send(next, NO_BODY);
      CompletableFuture<Reply> call = calls.poll(1, TimeUnit.SECONDS);
      return call != null && call.complete(reply());
    }
  }

  @Test
  void waitsForCallsUnderWayWhenItCloses() throws Exception {
    CompletableFuture<HttpResponse<Void>> response = post(10);
    CompletableFuture<Reply> call = nextCall();
    CompletableFuture<Void> closing = CompletableFuture.runAsync(door::close);
    Awaits.await(
        "a closed port",
        () -> {
          try (Socket refused = connect()) {
            return refused.isClosed();
          } catch (IOException closed) {
            return true;
          }
        });
    call.complete(reply());
    assertThat(response.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    closing.get(30, TimeUnit.SECONDS);
  }

  private CompletionStage<Reply> answer(Call call) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    calls.add(reply);
    return reply;
  }

  private CompletableFuture<Reply> nextCall() throws InterruptedException {
    CompletableFuture<Reply> call = calls.poll(30, TimeUnit.SECONDS);
    assertThat(call).isNotNull();
    return call;
  }

  private static Reply reply() {
    return new Reply.Whole(200, Map.of(), new byte[] {'{', '}'});
  }

  private CompletableFuture<HttpResponse<Void>> post(int bytes) {
    return http.sendAsync(
        HttpRequest.newBuilder(endpoint())
            .POST(BodyPublishers.ofByteArray(new byte[bytes]))
            .build(),
        BodyHandlers.discarding());
  }

  private URI endpoint() {
    return URI.create("http://127.0.0.1:" + door.address().getPort());
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.address().getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }
}
