package io.millrace.engine.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was stored once is read for ever, and what is stored now is what was meant. */
class CoordinatorFormsTest {

  private static final CoordinatorEventSerializer SERIALIZER = new CoordinatorEventSerializer();

  static Set<String> manifests() {
    return CoordinatorForms.all().keySet();
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void readsWhatWasStored(String manifest) throws IOException {
    assertThat(SERIALIZER.fromBinary(CoordinatorForms.golden(manifest), manifest))
        .isEqualTo(CoordinatorForms.all().get(manifest));
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void storesTheSameBytesAsEver(String manifest) throws IOException {
    Object value = CoordinatorForms.all().get(manifest);
    assertThat(SERIALIZER.manifest(value)).isEqualTo(manifest);
    assertThat(HexFormat.of().formatHex(SERIALIZER.toBinary(value)))
        .isEqualTo(HexFormat.of().formatHex(CoordinatorForms.golden(manifest)));
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void saysWhatItCannotRead(String manifest) {
    assertThatThrownBy(() -> SERIALIZER.fromBinary(new byte[] {1, 2}, "coordinator.new.v9"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("coordinator.new.v9");
    byte[] bytes = SERIALIZER.toBinary(CoordinatorForms.all().get(manifest));
    for (int length = 1; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> SERIALIZER.fromBinary(cut, manifest))
          .isInstanceOf(NotSerializableException.class)
          .hasMessageContaining(manifest);
    }
  }

  @Test
  void hasAnExampleOfEveryEvent() {
    assertThat(CoordinatorForms.all().values())
        .<Class<?>>extracting(Object::getClass)
        .contains(CoordinatorEvent.class.getPermittedSubclasses())
        .contains(CoordinatorState.class);
  }

  @Test
  void isWhatTheActorSystemUses() {
    ActorTestKit kit = ActorTestKit.create();
    try {
      Serialization serialization = SerializationExtension.get(kit.system());
      for (Map.Entry<String, Object> form : CoordinatorForms.all().entrySet()) {
        assertThat(serialization.findSerializerFor(form.getValue()))
            .isInstanceOf(CoordinatorEventSerializer.class);
      }
    } finally {
      kit.shutdownTestKit();
    }
  }
}
