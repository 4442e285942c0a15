package dev.wavetank.core.apiserver.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaField;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.apiserver.protobuf.Messages.Field;
import dev.wavetank.core.apiserver.protobuf.Messages.Form;
import dev.wavetank.core.apiserver.protobuf.Messages.Message;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The table of messages against the schema: both name the fields of the API. */
class MessagesTest {

  private final Messages table = Messages.table();
  private final Set<String> strangers = new TreeSet<>();
  private final Set<SchemaType> seen = new LinkedHashSet<>();
  private int fields;

  private void compare(Message message, SchemaType type) {
    for (Field field : message.fields().values()) {
      Message child = table.message(field.type());
      if (field.form() == Form.INLINE) {
        assertThat(child).as(field.type()).isNotNull();
        compare(child, type);
        continue;
      }
      fields++;
      SchemaField known = type.field(field.name());
      if (known == null) {
        strangers.add(type + "." + field.name());
        continue;
      }
      SchemaType element =
          known.shape().element() == null
              ? known.shape().object()
              : known.shape().element().object();
      if (child != null && element != null && seen.add(element)) {
        compare(child, element);
      }
    }
  }

  @Test
  void everyFieldIsOneOfTheSchema() {
    for (ResourceType type : ResourceType.BUILT_IN) {
      SchemaType schema = Schema.builtIn().kindOf(type);
      Message message = table.kind(type.apiVersion(), type.kind());
      if (schema != null && message != null) {
        compare(message, schema);
      }
    }
    assertThat(fields).isGreaterThan(1500);
    assertThat(strangers).isEmpty();
  }
}
