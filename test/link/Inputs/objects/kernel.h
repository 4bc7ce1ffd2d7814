typedef struct spinlock { int x; } spinlock_t;
void spin_lock(spinlock_t *l);
void spin_unlock(spinlock_t *l);
void msleep(unsigned int ms);
void helper(void);
