/* A command to a device's firmware: the sender sleeps until the interrupt says that the answer is there. */
#include <fence/completion.h>
#include <fence/irq.h>

struct firmware {
  struct fence_irq irq;
  struct fence_completion answered;
  int command, answer;
};

static enum fence_irq_return on_answer(void *data) {
  struct firmware *firmware = data;
  firmware->answer = firmware->command * 2;
  fence_complete(&firmware->answered); /* Any context: wakes the sender, allocates nothing. */
  return FENCE_IRQ_HANDLED;
}

static int send(struct firmware *firmware, int command) {
  fence_completion_reinit(&firmware->answered);
  firmware->command = command;
  fence_irq_raise(&firmware->irq);
  return fence_completion_wait_timeout(&firmware->answered, 60 * FENCE_HZ) > 0 ? firmware->answer : -1;
}

int main(void) {
  struct firmware firmware;
  fence_completion_init(&firmware.answered);
  if (fence_irq_request(&firmware.irq, on_answer, 0, "firmware", &firmware))
    return 1;
  int wrong = 0;
  for (int command = 1; command <= 10; command++)
    wrong += send(&firmware, command) != 2 * command;
  fence_irq_free(&firmware.irq);
  return wrong;
}
