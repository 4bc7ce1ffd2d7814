/* Never compiled: lines for a caret to stand under. */
static void drv_submit(struct drv_device *dev)
{
	if (dev) {
		spin_lock(&dev->lock);
		drv_flush(dev);
		spin_unlock(&dev->lock);
	}
}
