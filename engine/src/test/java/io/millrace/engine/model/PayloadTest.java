package io.millrace.engine.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.Test;

class PayloadTest {

  private static final byte[] BYTES = "a road of records".getBytes(UTF_8);

  @Test
  void keepsTheBytesItWasMadeOf() {
    byte[] mine = BYTES.clone();
    Payload payload = Payload.of(mine);
    mine[0] = 'X';
    assertThat(payload.toByteArray()).isEqualTo(BYTES);
    assertThat(payload.size()).isEqualTo(BYTES.length);
  }

  @Test
  void givesItsBytesAwayAsACopy() {
    Payload payload = Payload.of(BYTES);
    payload.toByteArray()[0] = 'X';
    assertThat(payload.toByteArray()).isEqualTo(BYTES);
  }

  @Test
  void copiesTheRestOfABufferAndLeavesItsPosition() {
    ByteBuffer buffer = ByteBuffer.wrap(BYTES).position(2).limit(6);
    assertThat(Payload.of(buffer).utf8()).isEqualTo("road");
    assertThat(buffer.remaining()).isEqualTo(4);
  }

  @Test
  void sliceKnowsOnlyItsPart() {
    Payload slice = Payload.wrap(BYTES, 2, 4);
    assertThat(slice.size()).isEqualTo(4);
    assertThat(slice.utf8()).isEqualTo("road");
    assertThat(slice.toByteArray()).isEqualTo("road".getBytes(UTF_8));
    assertThat(slice.asByteBuffer()).isEqualTo(ByteBuffer.wrap("road".getBytes(UTF_8)));
    byte[] target = new byte[6];
    slice.copyTo(target, 1);
    assertThat(target).isEqualTo(new byte[] {0, 'r', 'o', 'a', 'd', 0});
  }

  @Test
  void sliceLiesWithinItsArray() {
    assertThatThrownBy(() -> Payload.wrap(BYTES, 2, BYTES.length))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void viewIsReadOnlyAndShowsNoMoreThanTheSlice() {
    ByteBuffer view = Payload.wrap(BYTES, 2, 4).asByteBuffer();
    assertThat(view.capacity()).isEqualTo(4);
    assertThatThrownBy(() -> view.put(0, (byte) 0)).isInstanceOf(ReadOnlyBufferException.class);
  }

  @Test
  void isEqualByContent() {
    Payload slice = Payload.wrap(BYTES, 2, 4);
    assertThat(slice).isEqualTo(Payload.utf8("road")).hasSameHashCodeAs(Payload.utf8("road"));
    assertThat(slice).isNotEqualTo(Payload.utf8("rode"));
    assertThat(Payload.of(new byte[0])).isEqualTo(Payload.EMPTY);
  }

  @Test
  void showsItsSizeOnly() {
    assertThat(Payload.utf8("secret")).hasToString("Payload[6 bytes]");
  }
}
