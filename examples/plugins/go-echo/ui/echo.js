// The page of the Go echo plugin in the studio: one field, saved through the plugin's own RPC.
class GoEcho extends HTMLElement {
  async connectedCallback() {
    const { content } = await this.pluginAPI.call('get_content', {});
    const field = Object.assign(document.createElement('input'), { value: content, ariaLabel: 'Content' });
    const save = Object.assign(document.createElement('button'), { textContent: 'Save' });
    save.addEventListener('click', () => this.pluginAPI.call('save_content', { content: field.value }));
    this.replaceChildren(field, save);
  }
}

customElements.define('go-echo', GoEcho);
