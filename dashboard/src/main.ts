import { mount } from 'svelte';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/table.css';
import './styles/field.css';
import './styles/account.css';
import './styles/print.css';
import { attendance } from './api/attendance.js';
import App from './app/app.svelte';
import { session } from './app/session.svelte.js';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
mount(App, { target });
attendance.watch();
session.follow();
void session.check();
